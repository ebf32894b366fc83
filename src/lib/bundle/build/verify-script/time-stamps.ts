/** RFC 3161: not later than. The chain is checked at the time stamped, so that an expired authority does not matter. */
export const TIME_STAMPS = String.raw`
stamps=$(sed -n 's|^seal/\([a-z0-9-]*\)\.tsr$|\1|p' metadata/seal-expected.txt 2>/dev/null)
[ -z "$stamps" ] || echo "Time stamps"
epoch_of() {
  openssl ts -reply -in "$1" -text 2>/dev/null | sed -n 's/^Time stamp: //p' | head -n 1 | awk '
    { split("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec", names, " ")
      for (i = 1; i <= 12; i++) if (names[i] == $1) month = i
      split($3, clock, ":"); year = $4; day = $2
      if (month < 3) { year--; month += 12 }
      days = 365 * year + int(year / 4) - int(year / 100) + int(year / 400) + int((153 * (month - 3) + 2) / 5) + day - 719469
      if (NF == 5 && $5 == "GMT") printf "%d", days * 86400 + clock[1] * 3600 + clock[2] * 60 + clock[3] }'
}
for tsa in $stamps; do
  at=$(epoch_of "seal/$tsa.tsr")
  roots=trust/tsa/$tsa.roots.pem
  # openssl takes no empty file for the certificates between signer and root; the name has no spaces.
  between="-untrusted trust/tsa/$tsa.chain.pem"
  [ -s "trust/tsa/$tsa.chain.pem" ] || between=
  if [ -n "$trust" ]; then
    check "time stamp $tsa: its root certificates are those of the folder given with --trust" cmp -s "$trust/tsa/$tsa.roots.pem" "$roots"
  fi
  check "time stamp $tsa is over this manifest, by an authority under its roots" openssl ts -verify \
    -data tagmanifest-sha256.txt -in "seal/$tsa.tsr" -CAfile "$roots" $between -attime "$at"
  check "time stamp $tsa answers the question that was asked" openssl ts -verify \
    -queryfile "seal/$tsa.tsq" -in "seal/$tsa.tsr" -CAfile "$roots" $between -attime "$at"
  echo "      $tsa stamped it at $(openssl ts -reply -in "seal/$tsa.tsr" -text 2>/dev/null | sed -n 's/^Time stamp: //p' | head -n 1)"
  if ! openssl ts -verify -data tagmanifest-sha256.txt -in "seal/$tsa.tsr" -CAfile "$roots" \
    $between >/dev/null 2>&1; then
    echo "      (for information: its certificates are not valid today; they were at that time)"
  fi
done
`

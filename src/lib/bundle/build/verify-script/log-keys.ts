/** The keys of log and witnesses, and who of them must have signed. */
export const LOG_KEYS = String.raw`
has_log=no
if grep -q -x 'seal/bundle\.tlog-proof' metadata/seal-expected.txt 2>/dev/null; then has_log=yes; fi
policy=trust/policy.txt

# vkey TEXT PEM: the name goes to vkey_name, the key id to vkey_id; the PEM file must hold the same key.
vkey() {
  vkey_name=$(printf '%s' "$1" | sed 's/+.*//')
  vkey_id=$(printf '%s' "$1" | sed 's/^[^+]*+//' | cut -c 1-8)
  printf '%s' "$1" | sed 's/^[^+]*+[^+]*+//' | openssl base64 -d -A >"$tmp/vkey" 2>/dev/null
  [ "$(wc -c <"$tmp/vkey" | tr -d ' ')" = 33 ] || return 1
  [ "$(head -c 1 "$tmp/vkey" | od -An -tx1 | tr -d ' ')" = "$3" ] || return 1
  tail -c 32 "$tmp/vkey" >"$tmp/vkey.raw"
  openssl pkey -pubin -in "$2" -outform DER 2>/dev/null | tail -c 32 >"$tmp/pem.raw"
  cmp -s "$tmp/vkey.raw" "$tmp/pem.raw" || return 1
  id=$( { printf '%s\n' "$vkey_name"; cat "$tmp/vkey"; } | openssl dgst -sha256 -r | cut -c 1-8)
  [ "$id" = "$vkey_id" ]
}

# quorum FILE: true when the witnesses named in FILE are enough for the policy.
quorum() {
  awk -v need="$need_witness" '
    FILENAME == ARGV[1] { has[$1] = 1; next }
    $1 == "witness" { met[$2] = ($2 in has) }
    $1 == "group" {
      n = 0
      for (i = 4; i <= NF; i++) if (met[$i]) n++
      k = $3 == "all" ? NF - 3 : $3 == "any" ? 1 : $3 + 0
      met[$2] = (k >= 1 && n >= k)
    }
    $1 == "quorum" { lines++; if ($2 == "none") good = (need == "no"); else good = met[$2] }
    END { exit !(lines == 1 && good) }' "$1" "$policy"
}

if [ "$has_log" = yes ]; then
  echo "Log and witnesses"
  check "the policy has one log and one quorum" [ \
    "$(grep -c '^log ' "$policy" 2>/dev/null)$(grep -c '^quorum ' "$policy" 2>/dev/null)" = 11 ]
  if [ -n "$trust" ]; then
    check "the policy is the one of the folder given with --trust" cmp -s "$trust/policy.txt" "$policy"
  fi
  check "trust/keys/log.pem is the key of the log" vkey "$(awk '$1 == "log" { print $2 }' "$policy" 2>/dev/null)" trust/keys/log.pem 01
  origin=$vkey_name
  origin_form=$(printf '%s' "$origin" | sed 's/[.]/\\./g')
  log_id=$vkey_id
  awk '$1 == "witness" { printf "w-%02d %s %s\n", ++n, $2, $3 }' "$policy" >"$tmp/witnesses" 2>/dev/null
  : >"$tmp/keys"
  while read -r file nick key; do
    check "trust/keys/$file.pem is the key of witness $nick" vkey "$key" "trust/keys/$file.pem" 04
    printf '%s %s %s %s\n' "$vkey_name" "$vkey_id" "$file" "$nick" >>"$tmp/keys"
  done <"$tmp/witnesses"
  if [ "$need_witness" = yes ] && grep -q '^quorum none$' "$policy" 2>/dev/null; then
    echo "      No independent witness co-signs this log: only its keeper vouches for it, so that its proofs fail below."
    echo "      Whoever accepts that adds --allow-no-witness."
  fi
fi
`

/** One record of the log: its opening, its place in the tree (RFC 6962 2.1.1), who signed the tree. */
export const LOG_PROOFS = String.raw`
to_base64() { openssl base64 -A; }
is_base64() { [ "$(printf '%s' "$1" | openssl base64 -d -A 2>/dev/null | to_base64)" = "$1" ]; }
verify_ed25519() { openssl pkeyutl -verify -pubin -inkey "$1" -rawin -in "$2" -sigfile "$3"; }

# note FILE: a signed note (C2SP signed-note) of our log with enough witnesses and no line that does not verify.
# Leaves tree size and root; a note seen before is not checked again.
note() {
  digest=$(sha256_of "$1")
  size=
  root=
  if [ -f "$tmp/note-$digest" ]; then read -r size root <"$tmp/note-$digest"; return 0; fi
  head -n 3 "$1" >"$tmp/body"
  note_size=$(sed -n 2p "$1")
  note_root=$(sed -n 3p "$1")
  [ "$(sed -n 1p "$1")" = "$origin" ] && [ -z "$(sed -n 4p "$1")" ] && is_text "$1" || return 1
  printf '%s\n' "$note_size" | grep -q -E -x '[1-9][0-9]{0,14}' || return 1
  printf '%s\n' "$note_root" | grep -q -E -x '[A-Za-z0-9+/]{43}=' && is_base64 "$note_root" || return 1
  sed 1,4d "$1" >"$tmp/lines"
  grep -v "^$(printf '\342\200\224') [^ ]* [^ ]*$" "$tmp/lines" >"$tmp/strange"
  is_empty "$tmp/strange" || return 1
  logs=0
  : >"$tmp/cosigners"
  : >"$tmp/times"
  while read -r dash name blob; do
    is_base64 "$blob" || return 1
    printf '%s' "$blob" | openssl base64 -d -A >"$tmp/blob"
    id=$(head -c 4 "$tmp/blob" | od -An -tx1 | tr -d ' \n')
    tail -c 64 "$tmp/blob" >"$tmp/sig"
    length=$(wc -c <"$tmp/blob" | tr -d ' ')
    if [ "$name" = "$origin" ] && [ "$id" = "$log_id" ]; then
      [ "$length" = 68 ] && verify_ed25519 trust/keys/log.pem "$tmp/body" "$tmp/sig" >/dev/null 2>&1 || return 1
      logs=$((logs + 1))
      continue
    fi
    known=$(awk -v name="$name" -v id="$id" '$1 == name && $2 == id { print $3, $4 }' "$tmp/keys")
    [ -n "$known" ] && [ "$length" = 76 ] || return 1
    seconds=$(od -An -v -tu1 -j 4 -N 8 "$tmp/blob" | awk '{ for (i = 1; i <= NF; i++) t = t * 256 + $i } END { printf "%.0f", t }')
    { printf 'cosignature/v1\ntime %s\n' "$seconds"; cat "$tmp/body"; } >"$tmp/message"
    verify_ed25519 "trust/keys/$(printf '%s' "$known" | cut -d ' ' -f 1).pem" "$tmp/message" "$tmp/sig" >/dev/null 2>&1 || return 1
    printf '%s\n' "$known" | cut -d ' ' -f 2 >>"$tmp/cosigners"
    printf '%s %s\n' "$seconds" "$known" >>"$tmp/times"
  done <"$tmp/lines"
  [ "$logs" = 1 ] && [ -z "$(sort "$tmp/cosigners" | uniq -d)" ] && quorum "$tmp/cosigners" || return 1
  size=$note_size
  root=$note_root
  printf '%s %s\n' "$size" "$root" >"$tmp/note-$digest"
  sort -n "$tmp/times" | tail -n 1 | awk -v size="$size" '{ print "      tree of " size " entries, last seen by a witness at " $1 " (seconds since 1970, UTC)" }'
}

# included LEAFHASH INDEX: climbs to the root with the hashes of $tmp/hashes.
included() {
  cat "$1" >"$tmp/h"
  fn=$2
  sn=$((size - 1))
  [ "$fn" -le "$sn" ] || return 1
  while read -r hash; do
    [ "$sn" -gt 0 ] && is_base64 "$hash" || return 1
    printf '%s' "$hash" | openssl base64 -d -A >"$tmp/p"
    [ "$(wc -c <"$tmp/p" | tr -d ' ')" = 32 ] || return 1
    if [ $((fn % 2)) -eq 1 ] || [ "$fn" -eq "$sn" ]; then
      { printf '\001'; cat "$tmp/p" "$tmp/h"; } | openssl dgst -sha256 -binary >"$tmp/next"
      while [ $((fn % 2)) -eq 0 ] && [ "$fn" -ne 0 ]; do fn=$((fn / 2)); sn=$((sn / 2)); done
    else
      { printf '\001'; cat "$tmp/h" "$tmp/p"; } | openssl dgst -sha256 -binary >"$tmp/next"
    fi
    cat "$tmp/next" >"$tmp/h"
    fn=$((fn / 2))
    sn=$((sn / 2))
  done <"$tmp/hashes"
  [ "$sn" -eq 0 ] && [ "$(to_base64 <"$tmp/h")" = "$root" ]
}

# opens STEM: record and salt give the commitment of the leaf, and the record is of this log.
opens() {
  salt=$(cat "$1.salt.hex")
  printf '%s\n' "$salt" | grep -q -E -x '[0-9a-f]{64}' && [ "$(wc -c <"$1.salt.hex" | tr -d ' ')" = 65 ] || return 1
  is_text "$1.salt.hex" || return 1
  commitment=$(openssl dgst -sha256 -mac HMAC -macopt "hexkey:$salt" -binary "$1.record.json" | to_base64)
  printf 'saksi-leaf/v1 %s\n' "$commitment" | cmp -s - "$1.leaf" || return 1
  grep -q -E ",\"log\":\"$origin_form\",\"type\":\"[a-z.]+\",\"v\":1\}$" "$1.record.json"
}

# proven STEM: the leaf is in the tree that log and witnesses signed.
proven() {
  sed -n '1,/^$/p' "$1.tlog-proof" >"$tmp/head"
  sed '1,/^$/d' "$1.tlog-proof" >"$tmp/note"
  cat "$tmp/head" "$tmp/note" | cmp -s - "$1.tlog-proof" || return 1
  [ "$(sed -n 1p "$tmp/head")" = c2sp.org/tlog-proof@v1 ] || return 1
  index=$(sed -n '2s/^index //p' "$tmp/head")
  printf '%s\n' "$index" | grep -q -E -x '0|[1-9][0-9]{0,14}' || return 1
  sed -e 1,2d -e '$d' "$tmp/head" >"$tmp/hashes"
  note "$tmp/note" || return 1
  { printf '\000'; cat "$1.leaf"; } | openssl dgst -sha256 -binary >"$tmp/leafhash"
  included "$tmp/leafhash" "$index"
}
`

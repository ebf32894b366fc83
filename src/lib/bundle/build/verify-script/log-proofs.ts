/** Lengths of variables, which a template literal cannot hold as they are. */
const LENGTH_OF_1 = ['$', '{#1}'].join('')
const LENGTH_OF_SALT = ['$', '{#salt}'].join('')

/** One record of the log: its opening, its place in the tree (RFC 6962 2.1.1), who signed the tree. */
export const LOG_PROOFS = String.raw`
# is_base64 TEXT: 32, 68 or 76 bytes in the one form that stands for them.
is_base64() {
  case $1 in *[!A-Za-z0-9+/=]* | *=[!=]* | *===*) return 1 ;; esac
  case ${LENGTH_OF_1} in
    44 | 92) case $1 in *==) return 1 ;; *[AEIMQUYcgkosw048]=) return 0 ;; esac ;;
    104) case $1 in *[AQgw]==) return 0 ;; esac ;;
  esac
  return 1
}
is_number() {
  case $1 in 0) return 0 ;; '' | 0* | *[!0-9]*) return 1 ;; esac
  [ ${LENGTH_OF_1} -le 15 ]
}
verify_ed25519() { openssl pkeyutl -verify -pubin -inkey "$1" -rawin -in "$2" -sigfile "$3" >/dev/null 2>&1; }

# signature_line NAME BASE64: a signature of log or witness over $tmp/body; anything else in a proof is refused.
signature_line() {
  is_base64 "$2" || return 1
  printf '%s' "$2" | openssl base64 -d -A >"$tmp/blob"
  tail -c 64 "$tmp/blob" >"$tmp/sig"
  od -An -v -tu1 "$tmp/blob" | awk '
    { for (i = 1; i <= NF; i++) { n++; if (n <= 4) id = id sprintf("%02x", $i); else if (n <= 12) t = t * 256 + $i } }
    END { printf "%d %s %.0f\n", n, id, t }' >"$tmp/facts"
  read -r length id seconds <"$tmp/facts" || return 1
  case $length in
    68)
      [ "$1" = "$origin" ] && [ "$id" = "$log_id" ] && verify_ed25519 trust/keys/log.pem "$tmp/body" "$tmp/sig" || return 1
      logs=$((logs + 1)) ;;
    76)
      awk -v name="$1" -v id="$id" '$1 == name && $2 == id { print $3, $4 }' "$tmp/keys" >"$tmp/known"
      read -r file nick <"$tmp/known" || return 1
      { printf 'cosignature/v1\ntime %s\n' "$seconds"; cat "$tmp/body"; } >"$tmp/message"
      verify_ed25519 "trust/keys/$file.pem" "$tmp/message" "$tmp/sig" || return 1
      printf '%s\n' "$nick" >>"$tmp/cosigners"
      printf '%s %s\n' "$seconds" "$1" >>"$seen" ;;
    *) return 1 ;;
  esac
}

# note FILE: a signed note (C2SP signed-note) of our log with enough witnesses and no line that does not verify.
# Leaves tree size, root and, in the file $seen, who saw it when; a note seen before is not checked again.
note() {
  digest=$(sha256_of "$1")
  size=
  root=
  seen=$tmp/seen-$digest
  if [ -f "$tmp/note-$digest" ]; then read -r size root <"$tmp/note-$digest"; return 0; fi
  { IFS= read -r note_origin; IFS= read -r note_size; IFS= read -r note_root; IFS= read -r empty; } <"$1"
  [ "$note_origin" = "$origin" ] && is_number "$note_size" && is_base64 "$note_root" && [ -z "$empty" ] || return 1
  printf '%s\n%s\n%s\n' "$note_origin" "$note_size" "$note_root" >"$tmp/body"
  sed 1,4d "$1" >"$tmp/lines"
  { cat "$tmp/body"; echo; cat "$tmp/lines"; } | cmp -s - "$1" && is_text "$tmp/lines" || return 1
  logs=0
  : >"$tmp/cosigners"
  : >"$seen"
  dash=$(printf '\342\200\224')
  while read -r start name blob; do
    signature_line "$name" "$blob" || return 1
    printf '%s %s %s\n' "$dash" "$name" "$blob"
  done <"$tmp/lines" >"$tmp/relined"
  cmp -s "$tmp/relined" "$tmp/lines" || return 1
  [ "$logs" = 1 ] && [ -z "$(sort "$tmp/cosigners" | uniq -d)" ] && quorum "$tmp/cosigners" || return 1
  size=$note_size
  root=$note_root
  printf '%s %s\n' "$size" "$root" >"$tmp/note-$digest"
}

# witnessed: who had seen the tree of the last note, and when by its own clock.
witnessed() {
  awk -v size="$size" '{
    days = int($1 / 86400); rest = $1 - days * 86400; z = days + 719468
    era = int(z / 146097); doe = z - era * 146097
    yoe = int((doe - int(doe / 1460) + int(doe / 36524) - int(doe / 146096)) / 365)
    doy = doe - (365 * yoe + int(yoe / 4) - int(yoe / 100)); mp = int((5 * doy + 2) / 153)
    day = doy - int((153 * mp + 2) / 5) + 1; month = mp < 10 ? mp + 3 : mp - 9; year = yoe + era * 400 + (month <= 2)
    printf "      %s had seen the log with %s entries at %d-%02d-%02dT%02d:%02d:%02dZ\n", $2, size, year, month, day, int(rest / 3600), int(rest % 3600 / 60), rest % 60
  }' "$seen"
}

# included LEAFHASH INDEX: climbs to the root with the hashes of $tmp/hashes. Where an earlier climb that reached this root
# stood at the same place with the same hash and the same hashes still to come, the rest of the way is known.
climbs=0
included() {
  at=$1
  fn=$2
  sn=$((size - 1))
  [ "$fn" -le "$sn" ] || return 1
  climbs=$((climbs + 1))
  step=0
  set --
  while read -r hash; do
    is_base64 "$hash" || return 1
    set -- "$@" "$hash"
  done <"$tmp/hashes"
  while [ "$#" -gt 0 ]; do
    [ "$sn" -gt 0 ] || return 1
    if [ "$step" -gt 0 ]; then
      if is_known "$root $*"; then : >"$tmp/climb-$climbs"; return 0; fi
    fi
    printf '%s' "$1" | openssl base64 -d -A >"$tmp/p"
    shift
    step=$((step + 1))
    above=$tmp/node-$climbs-$step
    if [ $((fn % 2)) -eq 1 ] || [ "$fn" -eq "$sn" ]; then
      { printf '\001'; cat "$tmp/p" "$at"; } | openssl dgst -sha256 -binary >"$above"
      while [ $((fn % 2)) -eq 0 ] && [ "$fn" -ne 0 ]; do fn=$((fn / 2)); sn=$((sn / 2)); done
    else
      { printf '\001'; cat "$at" "$tmp/p"; } | openssl dgst -sha256 -binary >"$above"
    fi
    at=$above
    fn=$((fn / 2))
    sn=$((sn / 2))
  done
  [ "$sn" -eq 0 ] && [ "$(openssl base64 -A <"$at")" = "$root" ] || return 1
  : >"$tmp/climb-$climbs"
}
# is_known WAY: an earlier climb came from here to the root; if none did, this one is noted down.
is_known() {
  place=$tmp/place-$size-$fn-$sn
  if [ -f "$place" ] && { read -r climb node; IFS= read -r way; } <"$place" && [ -f "$tmp/climb-$climb" ]; then
    [ "$way" = "$1" ] && cmp -s "$node" "$at"
    return
  fi
  printf '%s %s\n%s\n' "$climbs" "$at" "$1" >"$place"
  return 1
}

# body_has RECORD FIELD VALUE: the body of a record, which is one line with its keys in order.
body_has() { grep -q -E "^\{\"at\":\"[^\"]*\",\"body\":\{[^}]*\"$2\":\"$3\"[^}]*\}" "$1"; }
# body_of RECORD FIELD: a label, digest or number of the body.
body_of() {
  sed -n 's/^{"at":"[^"]*","body":{\([^}]*\)}.*/,\1,/p' "$1" | sed -n "s/.*,\"$2\":\"\{0,1\}\([A-Za-z0-9+\/=._-]*\)\"\{0,1\},.*/\1/p"
}

# opens STEM: record and salt give the commitment of the leaf, and the record is of this log.
opens() {
  commitment=
  IFS= read -r salt <"$1.salt.hex" || return 1
  case $salt in *[!0-9a-f]*) return 1 ;; esac
  printf '%s\n' "$salt" | cmp -s - "$1.salt.hex" && [ ${LENGTH_OF_SALT} -eq 64 ] || return 1
  commitment=$(openssl dgst -sha256 -mac HMAC -macopt "hexkey:$salt" -binary "$1.record.json" | openssl base64 -A)
  printf 'saksi-leaf/v1 %s\n' "$commitment" | cmp -s - "$1.leaf" || return 1
  grep -q -E ",\"log\":\"$origin_form\",\"type\":\"[a-z.]+\",\"v\":1\}$" "$1.record.json"
}

# item_sealed STEM SEAL: the item beside a record is in the tree whose root the record SEAL of its capture holds.
item_sealed() {
  grep -q '"type":"collection\.sealed","v":1}$' "$2.record.json" || return 1
  IFS= read -r salt <"$1.item.salt.hex" || return 1
  case $salt in *[!0-9a-f]*) return 1 ;; esac
  printf '%s\n' "$salt" | cmp -s - "$1.item.salt.hex" && [ "$(wc -c <"$1.item.salt.hex" | tr -d ' ')" = 65 ] || return 1
  item_index=$(sed -n '1s/^index //p' "$1.item.path")
  is_number "$item_index" || return 1
  sed 1d "$1.item.path" >"$tmp/hashes"
  { printf 'index %s\n' "$item_index"; cat "$tmp/hashes"; } | cmp -s - "$1.item.path" || return 1
  [ ! -s "$tmp/hashes" ] || is_text "$tmp/hashes" || return 1
  if body_has "$1.record.json" collection '[0-9a-f]*'; then
    [ "$(body_of "$1.record.json" collection) $(body_of "$1.record.json" item)" = "$(body_of "$2.record.json" collection) $item_index" ] || return 1
  fi
  salted=$(openssl dgst -sha256 -mac HMAC -macopt "hexkey:$salt" -binary "$1.item.json" | openssl base64 -A)
  { printf '\000'; printf 'saksi-item/v1 %s\n' "$salted"; } | openssl dgst -sha256 -binary >"$tmp/leafhash"
  size=$(body_of "$2.record.json" itemsPadded)
  root=$(body_of "$2.record.json" itemsRoot)
  is_number "$size" && is_base64 "$root" && included "$tmp/leafhash" "$item_index"
}

# proven STEM: the leaf is in the tree that log and witnesses signed.
proven() {
  : >"$tmp/hashes"
  : >"$tmp/note"
  awk -v hashes="$tmp/hashes" -v note="$tmp/note" '
    NR <= 2 { next }
    after { print > note; next }
    $0 == "" { after = 1; next }
    { print > hashes }' "$1.tlog-proof"
  index=$(sed -n '2s/^index //p' "$1.tlog-proof")
  is_number "$index" || return 1
  { printf 'c2sp.org/tlog-proof@v1\nindex %s\n' "$index"; cat "$tmp/hashes"; echo; cat "$tmp/note"; } |
    cmp -s - "$1.tlog-proof" || return 1
  note "$tmp/note" || return 1
  { printf '\000'; cat "$1.leaf"; } | openssl dgst -sha256 -binary >"$tmp/leafhash"
  included "$tmp/leafhash" "$index"
}
`

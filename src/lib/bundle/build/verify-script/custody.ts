/** The two halves of `field=body`, in forms that a template literal cannot hold as they are. */
const PAIR_FIELD = ['$', '{pair%=*}'].join('')
const PAIR_BODY = ['$', '{pair#*=}'].join('')

/** That the records tell about these exhibits and this bundle, without a link missing. */
export const CUSTODY = String.raw`
if [ "$has_log" = yes ]; then
  sed -n 's|^"\(P[0-9]*\)","\([a-z.]*\)","\([E0-9-]*\)","\([0-9]*\)","\([P0-9-]*\)"$|\1 \2 \3 \4 \5|p' proofs/index.csv >"$tmp/index" 2>/dev/null
  check "proofs/index.csv has nothing but records" [ "$(wc -l <"$tmp/index" | tr -d ' ')" = "$(($(wc -l <proofs/index.csv 2>/dev/null) - 1))" ]
  {
    echo proofs/index.csv
    while read -r proof type exhibit index_said sealed_by; do
      printf 'proofs/%s.leaf\nproofs/%s.record.json\nproofs/%s.salt.hex\nproofs/%s.tlog-proof\n' "$proof" "$proof" "$proof" "$proof"
      [ "$sealed_by" = - ] || printf 'proofs/%s.item.json\nproofs/%s.item.path\nproofs/%s.item.salt.hex\n' "$proof" "$proof" "$proof"
    done <"$tmp/index"
  } | sort >"$tmp/proofs"
  grep '^proofs/' "$tmp/all" >"$tmp/proofsfound"
  check "there is a proof for every record and no other file" cmp -s "$tmp/proofs" "$tmp/proofsfound"
  : >"$tmp/chain"
  while read -r proof type exhibit index_said sealed_by; do
    check "$proof: the record belongs to the entry in the log" opens "proofs/$proof"
    check "$proof: the entry is in the log, signed by log and witnesses" proven "proofs/$proof"
    check "$proof: proofs/index.csv names its kind and place" [ "$index_said $type" = \
      "$index $(sed -n 's/.*"type":"\([a-z.]*\)","v":1}$/\1/p' "proofs/$proof.record.json")" ]
    link=$(sed -n 's/.*,"chain":{"id":"\([0-9a-f]*\)","n":\([0-9]*\)\(,"prev":"\([A-Za-z0-9+/=]*\)"\)\{0,1\}},"id":"[0-9a-f]*","log":.*/\1 \2 \4/p' "proofs/$proof.record.json")
    printf '%s %s\n' "$commitment" "$link" >>"$tmp/chain"
    [ "$sealed_by" = - ] || check "$proof: the item beside it is sealed by $sealed_by" item_sealed "proofs/$proof" "proofs/$sealed_by"
  done <"$tmp/index"
  check "the custody records of each exhibit follow each other without a gap" awk '
    NF < 3 { next }
    $3 + 0 != last[$2] + 0 || ($3 > 0 && $4 != before[$2]) || ($3 == 0 && NF > 3) { wrong = 1 }
    { last[$2] = $3 + 1; before[$2] = $1 }
    END { exit wrong }' "$tmp/chain"
  awk '{ print $1 }' "$tmp/index" >"$tmp/listed"
  sed -e 1d -e 's/.*,"\(P[0-9]*\)"$/\1/' metadata/custody.csv >"$tmp/custody" 2>/dev/null
  check "metadata/custody.csv has one row for each record, in order" cmp -s "$tmp/listed" "$tmp/custody"
  check "seal/bundle: the record belongs to the entry in the log" opens seal/bundle
  check "seal/bundle: the entry is in the log, signed by log and witnesses" proven seal/bundle
  [ "$passed" = yes ] && witnessed
  check "seal/bundle: the entry holds the digest of this manifest" grep -q -E \
    "^\{\"at\":\"[^\"]*\",\"body\":\{[^}]*\"tagmanifestSha256\":\"$(sha256_of tagmanifest-sha256.txt)\"[^}]*\}" seal/bundle.record.json
fi

echo "Exhibits"
# Columns: exhibit, state, SHA-256 of the original, file, SHA-256 of the file, id in the log, proof.
sed -n 's|^"\(E[0-9]*\)","[^"]*","[a-z]*","\([a-z-]*\)","\([0-9a-f]*\)","[0-9]*","[^"]*","\([a-z.]*\)","\([0-9a-f]*\)","[0-9]*","\([0-9a-f]*\)","\([P0-9]*\)",.*|\1 \2 \3: \4: \5: \6 \7:|p' \
  metadata/exhibits.csv >"$tmp/exhibits" 2>/dev/null
check "metadata/exhibits.csv can be read" [ "$(wc -l <"$tmp/exhibits" | tr -d ' ')" = "$(($(wc -l <metadata/exhibits.csv 2>/dev/null) - 1))" ]
exhibit_holds() { # NUMBER STATE PLAIN: FILE: FILESHA: RECORDID PROOF:
  plain=$(printf '%s' "$3" | tr -d :)
  file=$(printf '%s' "$4" | tr -d :)
  digest=$(printf '%s' "$5" | tr -d :)
  proof=$(printf '%s' "$7" | tr -d :)
  if [ "$2" = captured ]; then [ -n "$plain" ] || return 1; else [ -z "$plain$file" ] || return 1; fi
  raw=$(sed -n "s|^\([0-9a-f]*\)  data/exhibits/$1/raw\.bin$|\1|p" manifest-sha256.txt)
  [ -z "$raw" ] || sed -n '/^    "raw": {$/,/^    }/p' "data/exhibits/$1/exhibit.json" | grep -q -x "      \"sha256\": \"$raw\"" || return 1
  if [ -n "$file" ]; then
    grep -q -x "$digest  data/exhibits/$1/$file" manifest-sha256.txt || return 1
    [ "$file" = original.age ] || [ "$digest" = "$plain" ] || return 1
  fi
  if [ "$has_log" = yes ] && [ "$2" = captured ]; then
    record=proofs/$proof.record.json
    if grep -q '"type":"exhibit\.preserved","v":1}$' "$record"; then
      body_has "$record" exhibit "$6" && body_has "$record" plainSha256 "$plain" || return 1
    else
      grep -q '"type":"sighting\.recorded","v":1}$' "$record" || return 1
      reference=$(sed -n "s|^\([0-9a-f]*\)  data/exhibits/$1/message-ref\.txt$|\1|p" manifest-sha256.txt)
      grep -q -x "sha256: $plain" "data/exhibits/$1/message-ref.txt" || return 1
      body_has "$record" sighting "$6" && body_has "$record" messageRefSha256 "$reference" || return 1
    fi
    item_holds "$1" "$plain" "$proof"
  fi
}
# item_holds NUMBER PLAIN PROOF: what lies beside the record is this message with this file, sealed with its capture.
item_holds() {
  described=data/exhibits/$1/exhibit.json
  collection=$(sed -n 's/^    "collection": "\(C[0-9]*\)",$/\1/p' "$described")
  seal=-
  [ -z "$collection" ] || seal=$(awk -v id="$collection" '$1 == id { print $2 }' "$tmp/collections")
  [ "$(awk -v proof="$3" '$1 == proof { print $5 }' "$tmp/index")" = "$seal" ] || return 1
  [ "$seal" != - ] || return 0
  sed -n '/^    "raw": {$/,/^    }/p' "$described" >"$tmp/raw"
  start=$(sed -n 's/^      "start": \([0-9]*\),$/\1/p' "$tmp/raw")
  end=$(sed -n 's/^      "end": \([0-9]*\),$/\1/p' "$tmp/raw")
  message=$(sed -n 's/^      "sha256": \("[0-9a-f]*"\)$/"sha256":\1,/p' "$tmp/raw")
  printf '{"attachment":{"sha256":"%s"},"message":{"end":%s,%s"start":%s}}' "$2" "$end" "$message" "$start" |
    cmp -s - "proofs/$3.item.json"
}
# capture_holds ID SEAL: a capture is described as the record that seals it says; without a record, none is named.
capture_holds() {
  described=data/collections/$1/collection.json
  if [ "$2" = - ]; then grep -q -x '  "recordId": null,' "$described"; return; fi
  [ "$has_log" = yes ] && grep -q '"type":"collection\.sealed","v":1}$' "proofs/$2.record.json" || return 1
  for pair in recordId=collection format=format sourceSha256=sourceSha256 sourceBytes=sourceBytes repairCount=repairs gapCount=gaps; do
    said=$(sed -n "s/^  \"${PAIR_FIELD}\": \"\{0,1\}\([A-Za-z0-9.-]*\)\"\{0,1\},\$/\1/p" "$described")
    [ -n "$said" ] && [ "$said" = "$(body_of "proofs/$2.record.json" "${PAIR_BODY}")" ] || return 1
  done
}
sed -n 's|^data/collections/\(C[0-9]*\)/collection\.json$|\1|p' "$tmp/all" | while read -r id; do
  printf '%s %s\n' "$id" "$(sed -n -e 's/^  "proof": null$/-/p' -e 's/^  "proof": "\(P[0-9]*\)"$/\1/p' "data/collections/$id/collection.json")"
done >"$tmp/collections"
while read -r id seal; do
  check "$id: the capture is described as the log says" capture_holds "$id" "$seal"
done <"$tmp/collections"
while read -r number state plain file digest id proof; do
  check "$number: its digests agree with manifest and log" exhibit_holds "$number" "$state" "$plain" "$file" "$digest" "$id" "$proof"
done <"$tmp/exhibits"
withheld_recorded() {
  digest=$(sed -n 's|^\([0-9a-f]*\)  data/withheld\.json$|\1|p' manifest-sha256.txt)
  count=$(sed -n 's/^  "count": \([0-9]*\),\{0,1\}$/\1/p' data/withheld.json)
  [ "$(body_of "$1" count) $(body_of "$1" pointersSha256)" = "$count $digest" ]
}
if [ "$has_log" = yes ]; then
  for proof in $(awk '$2 == "exhibit.withheld" { print $1 }' "$tmp/index"); do
    check "$proof: the log records the number and the pointers of data/withheld.json" withheld_recorded "proofs/$proof.record.json"
  done
fi
sed -n 's|^data/exhibits/\(E[0-9]*\)/.*|\1|p' "$tmp/all" | sort -u >"$tmp/folders"
awk '{ print $1 }' "$tmp/exhibits" | sort -u >"$tmp/rows"
check "every exhibit has one row, every row its exhibit" cmp -s "$tmp/folders" "$tmp/rows"
`

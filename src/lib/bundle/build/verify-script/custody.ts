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
# What the other lists say about each row, in one pass over them; a dash stands for nothing.
[ "$has_log" = yes ] || : >"$tmp/index"
awk '
  FILENAME == ARGV[1] { listed[substr($0, 67)] = substr($0, 1, 64); next }
  FILENAME == ARGV[2] { sealed[$1] = $5; next }
  function bare(text) { sub(/:$/, "", text); return text == "" ? "-" : text }
  function digest_of(path) { return path in listed ? listed[path] : "-" }
  NF == 7 {
    folder = "data/exhibits/" $1 "/"; file = bare($4); proof = bare($7)
    print $1, $2, bare($3), file, bare($5), $6, proof, digest_of(folder "raw.bin"), digest_of(folder file), \
      digest_of(folder "message-ref.txt"), proof in sealed ? sealed[proof] : "none"
  }' manifest-sha256.txt "$tmp/index" "$tmp/exhibits" >"$tmp/rows" 2>/dev/null
check "every row of metadata/exhibits.csv is whole" [ "$(wc -l <"$tmp/rows" | tr -d ' ')" = "$(wc -l <"$tmp/exhibits" | tr -d ' ')" ]
# exhibit_holds: of the row just read.
exhibit_holds() {
  described=data/exhibits/$number/exhibit.json
  if [ "$state" = captured ]; then [ "$plain" != - ] || return 1; else [ "$plain$file" = -- ] || return 1; fi
  [ "$raw" = - ] || sed -n '/^    "raw": {$/,/^    }/p' "$described" | grep -q -x "      \"sha256\": \"$raw\"" || return 1
  if [ "$file" != - ]; then
    [ "$listed" != - ] && [ "$listed" = "$digest" ] || return 1
    [ "$file" = original.age ] || [ "$digest" = "$plain" ] || return 1
  fi
  if [ "$has_log" = yes ] && [ "$state" = captured ]; then
    record=proofs/$proof.record.json
    if grep -q '"type":"exhibit\.preserved","v":1}$' "$record"; then
      body_has "$record" exhibit "$id" && body_has "$record" plainSha256 "$plain" || return 1
    else
      grep -q '"type":"sighting\.recorded","v":1}$' "$record" || return 1
      grep -q -x "sha256: $plain" "data/exhibits/$number/message-ref.txt" || return 1
      body_has "$record" sighting "$id" && body_has "$record" messageRefSha256 "$reference" || return 1
    fi
    item_holds
  fi
}
# item_holds: what lies beside the record is this message with this file, sealed with its capture.
item_holds() {
  collection=$(sed -n 's/^    "collection": "\(C[0-9]*\)",$/\1/p' "$described")
  seal=-
  [ -z "$collection" ] || seal=$(awk -v id="$collection" '$1 == id { print $2 }' "$tmp/collections")
  [ "$sealed" = "$seal" ] || return 1
  [ "$seal" != - ] || return 0
  sed -n '/^    "raw": {$/,/^    }/p' "$described" >"$tmp/raw"
  start=$(sed -n 's/^      "start": \([0-9]*\),$/\1/p' "$tmp/raw")
  end=$(sed -n 's/^      "end": \([0-9]*\),$/\1/p' "$tmp/raw")
  message=$(sed -n 's/^      "sha256": \("[0-9a-f]*"\)$/"sha256":\1,/p' "$tmp/raw")
  printf '{"attachment":{"sha256":"%s"},"message":{"end":%s,%s"start":%s}}' "$plain" "$end" "$message" "$start" |
    cmp -s - "proofs/$proof.item.json"
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
while read -r number state plain file digest id proof raw listed reference sealed; do
  check "$number: its digests agree with manifest and log" exhibit_holds
done <"$tmp/rows"
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
awk '{ print $1 }' "$tmp/exhibits" | sort -u >"$tmp/numbers"
check "every exhibit has one row, every row its exhibit" cmp -s "$tmp/folders" "$tmp/numbers"
`

/** Which files there are, and that each is what the manifests say: nothing changed, missing, added, renamed or linked. */
export const FILES = String.raw`
echo "Files"
name='[A-Za-z0-9_][A-Za-z0-9._-]*'
find . ! -type f ! -type d >"$tmp/odd" 2>&1 || echo error >>"$tmp/odd"
find . -type f >"$tmp/found" 2>"$tmp/finderr"
sed 's|^\./||' "$tmp/found" | sort >"$tmp/all"
check "there are only plain files and folders (no links, no devices)" is_empty "$tmp/odd"
check "every folder and file can be read" is_empty "$tmp/finderr"
grep -E -v "^$name(/$name)*$" "$tmp/all" >"$tmp/badnames"
check "every file name is plain: letters, digits, dot, dash, underscore" is_empty "$tmp/badnames"
tr 'A-Z' 'a-z' <"$tmp/all" | sort | uniq -d >"$tmp/twins"
check "no two names differ by case only" is_empty "$tmp/twins"
find . -type d | sed -e 's|^\./||' -e '/^\.$/d' | sort >"$tmp/folders"
awk '{ n = split($0, part, "/"); at = ""; for (i = 1; i < n; i++) { at = at (i > 1 ? "/" : "") part[i]; print at } }' \
  "$tmp/all" | sort -u >"$tmp/usedfolders"
check "no folder is empty" cmp -s "$tmp/folders" "$tmp/usedfolders"
printf 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n' >"$tmp/bagit"
check "bagit.txt says BagIt 1.0" cmp -s "$tmp/bagit" bagit.txt

# manifest FILE HEXDIGITS TOOL LIST: the form, the digests; the paths go to LIST.
manifest() {
  grep -E -v "^[0-9a-f]{$2}  $name(/$name)*$" "$1" >"$tmp/badlines" 2>&1
  [ "$?" -eq 1 ] && is_text "$1" || echo bad >>"$tmp/badlines"
  check "$1: every line has the one exact form" is_empty "$tmp/badlines"
  cut -c "$(($2 + 3))-" "$1" >"$4" 2>/dev/null
  sort -u "$4" >"$tmp/sorted"
  check "$1: sorted, each file once" cmp -s "$tmp/sorted" "$4"
  check "$1: every file listed has the digest listed" $3 -c "$1"
  grep -v ': OK$' "$tmp/out" | head -n 20
}
manifest manifest-sha256.txt 64 "$sum256" "$tmp/payload256"
manifest manifest-sha512.txt 128 "$sum512" "$tmp/payload512"
manifest tagmanifest-sha256.txt 64 "$sum256" "$tmp/tags256"
manifest tagmanifest-sha512.txt 128 "$sum512" "$tmp/tags512"
grep '^data/' "$tmp/all" >"$tmp/payload"
grep -v -e '^data/' -e '^seal/' -e '^tagmanifest-sha256\.txt$' -e '^tagmanifest-sha512\.txt$' "$tmp/all" >"$tmp/tags"
grep '^seal/' "$tmp/all" >"$tmp/seal"
check "the files under data/ are exactly those of manifest-sha256.txt" cmp -s "$tmp/payload" "$tmp/payload256"
check "the files under data/ are exactly those of manifest-sha512.txt" cmp -s "$tmp/payload" "$tmp/payload512"
check "all other files are exactly those of tagmanifest-sha256.txt" cmp -s "$tmp/tags" "$tmp/tags256"
check "all other files are exactly those of tagmanifest-sha512.txt" cmp -s "$tmp/tags" "$tmp/tags512"
check "seal/ holds exactly what metadata/seal-expected.txt says" cmp -s "$tmp/seal" metadata/seal-expected.txt
bytes=$(xargs wc -c <"$tmp/payload" | awk '$2 ~ /^data\// { sum += $1 } END { printf "%d", sum }')
count=$(wc -l <"$tmp/payload" | tr -d ' ')
check "bag-info.txt gives the number of bytes and files" grep -q -x "Payload-Oxum: $bytes\.$count" bag-info.txt
`

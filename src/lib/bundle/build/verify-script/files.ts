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
  : >"$4"
  : >"$tmp/lines"
  awk -v digits="$2" -v paths="$4" -v lines="$tmp/lines" '
    {
      digest = substr($0, 1, digits); path = substr($0, digits + 3)
      if (digest !~ /^[0-9a-f]+$/ || substr($0, digits + 1, 2) != "  " || path "" <= last "") exit 1
      if (path !~ /^[A-Za-z0-9_][A-Za-z0-9._-]*(\/[A-Za-z0-9_][A-Za-z0-9._-]*)*$/) exit 1
      last = path; print path > paths; print > lines
    }' "$1" >/dev/null 2>&1
  check "$1: one line per file in the one exact form, sorted, each file once" cmp -s "$tmp/lines" "$1"
  check "$1: every file listed has the digest listed" $3 -c "$1"
  [ "$passed" = yes ] || grep -v ': OK$' "$tmp/out" | head -n 20
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

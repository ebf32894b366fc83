/** Options, tools, counting. Success is counted, never assumed: `set -e` does not act inside functions and conditions. */
export const START = String.raw`#!/bin/sh
# VERIFY.sh checks this evidence bundle with stock tools only: no network, no Node.js, nothing to install.
# Run it inside the bundle's folder:
#   sh VERIFY.sh [--fingerprint SHA256:...] [--trust DIR] [--allow-no-witness]
#     --fingerprint  the key fingerprint on the hand-over form, which reached you another way than this bundle
#     --trust        a folder with allowed_signers, policy.txt and tsa/ that reached you another way
#     --allow-no-witness  accept a log that no independent witness co-signs
# Ends with 0: every check holds and the key was compared; 3: every check holds, compare the fingerprint by hand;
#   1: at least one check failed; 2: a tool is missing or the script was called wrongly.
# A script that comes with evidence proves nothing by itself: VERIFY.txt has the same commands to type by hand.
LC_ALL=C
export LC_ALL
umask 077

fingerprint=
trust=
need_witness=yes
usage() {
  echo "usage: sh VERIFY.sh [--fingerprint SHA256:...] [--trust DIR] [--allow-no-witness]" >&2
  exit 2
}
while [ "$#" -gt 0 ]; do
  case $1 in
    --fingerprint) [ "$#" -ge 2 ] || usage; fingerprint=$2; shift 2 ;;
    --trust) [ "$#" -ge 2 ] || usage; trust=$2; shift 2 ;;
    --allow-no-witness) need_witness=no; shift ;;
    *) usage ;;
  esac
done
for tool in awk cat cmp cut find fold grep head mktemp od openssl rm sed sort ssh-keygen tail tr uniq wc xargs; do
  command -v "$tool" >/dev/null 2>&1 || { echo "VERIFY.sh needs $tool, which was not found." >&2; exit 2; }
done
if command -v sha256sum >/dev/null 2>&1 && command -v sha512sum >/dev/null 2>&1; then
  sum256=sha256sum
  sum512=sha512sum
elif command -v shasum >/dev/null 2>&1; then
  sum256='shasum -a 256'
  sum512='shasum -a 512'
else
  echo "VERIFY.sh needs sha256sum and sha512sum, or shasum." >&2
  exit 2
fi
if [ -n "$trust" ]; then
  trust=$(cd "$trust" 2>/dev/null && pwd) || { echo "The folder given with --trust cannot be opened." >&2; exit 2; }
fi
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
trap 'exit 2' HUP INT TERM

oks=0
bads=0
wanted=0
ok() { oks=$((oks + 1)); printf 'ok    %s\n' "$1"; }
bad() { bads=$((bads + 1)); printf 'FAIL  %s\n' "$1"; }
# check WHAT COMMAND...: one check, whatever the command says on its outputs.
check() {
  what=$1
  shift
  wanted=$((wanted + 1))
  if "$@" >"$tmp/out" 2>&1; then passed=yes; ok "$what"; else passed=no; bad "$what"; fi
}
is_empty() { [ -f "$1" ] && [ ! -s "$1" ]; }
is_text() { [ -s "$1" ] && [ "$(tail -c 1 "$1" | od -An -tx1 | tr -d ' \n')" = 0a ]; }
sha256_of() { openssl dgst -sha256 -r "$1" | cut -c 1-64; }
`

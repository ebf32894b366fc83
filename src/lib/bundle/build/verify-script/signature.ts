/** Who signed it, and that the seal is whole. */
export const SIGNATURE = String.raw`
echo "Signature"
base64='[A-Za-z0-9+/]+=*'
signer='[A-Za-z0-9@._-]+ namespaces="saksi-manifest-v1" ssh-ed25519'
is_one_signer() { is_text "$1" && [ "$(wc -l <"$1" | tr -d ' ')" = 1 ] && grep -q -E -x "$signer $base64" "$1"; }
check "trust/allowed_signers names one Ed25519 key" is_one_signer trust/allowed_signers
principal=$(cut -d ' ' -f 1 trust/allowed_signers 2>/dev/null | head -n 1)
cut -d ' ' -f 3,4 trust/allowed_signers >"$tmp/key.pub" 2>/dev/null
found=$(ssh-keygen -l -f "$tmp/key.pub" 2>/dev/null | awk '{ print $2 }')

# signed FILE SIGNATURE: the signature fits, and the signature file has its one exact form.
signed() {
  check "$1 is signed by this key" ssh-keygen -Y verify -f trust/allowed_signers -I "$principal" \
    -n saksi-manifest-v1 -s "$2" <"$1"
  {
    echo "-----BEGIN SSH SIGNATURE-----"
    sed -e 1d -e '$d' "$2" | tr -d '\n' | openssl base64 -d -A | openssl base64 -A | fold -w 70
    echo
    echo "-----END SSH SIGNATURE-----"
  } >"$tmp/armour" 2>/dev/null
  check "$2 has its one exact form" cmp -s "$tmp/armour" "$2"
}
signed tagmanifest-sha256.txt seal/tagmanifest-sha256.txt.sig
signed seal/seal-sha256.txt seal/seal-sha256.txt.sig
cut -c 67- seal/seal-sha256.txt >"$tmp/sealed" 2>/dev/null
grep -v -e '^seal/seal-sha256\.txt$' -e '^seal/seal-sha256\.txt\.sig$' metadata/seal-expected.txt >"$tmp/tosign" 2>/dev/null
check "seal/seal-sha256.txt lists every other file of seal/" cmp -s "$tmp/sealed" "$tmp/tosign"
check "every file of seal/ has the digest listed" $sum256 -c seal/seal-sha256.txt
echo "      key fingerprint: $found"
if [ -n "$fingerprint" ]; then
  check "the fingerprint is the one given with --fingerprint" [ "$fingerprint" = "$found" ]
fi
if [ -n "$trust" ]; then
  check "the signer is the one of the folder given with --trust" cmp -s "$trust/allowed_signers" trust/allowed_signers
fi
`

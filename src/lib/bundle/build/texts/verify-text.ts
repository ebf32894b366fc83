import { sshFingerprint } from '../../format/ssh-public-key.ts'
import type { BundleInput } from '../../model.ts'

/** The checks as commands to type, without any script of ours. */
export function verifyCommands({ organisation, authorities, publicKey }: BundleInput): string[] {
  return [
    '# 1. every file has its digest',
    'sha256sum -c --strict --quiet manifest-sha256.txt tagmanifest-sha256.txt',
    'sha512sum -c --strict --quiet manifest-sha512.txt tagmanifest-sha512.txt',
    '# 2. no file was added (no output expected)',
    'L=$(mktemp)',
    "(sed 's/^[0-9a-f]*  //' manifest-sha256.txt tagmanifest-sha256.txt; cat metadata/seal-expected.txt; echo tagmanifest-sha256.txt; echo tagmanifest-sha512.txt) | LC_ALL=C sort > $L",
    "find . -type f | sed 's|^\\./||' | LC_ALL=C sort | diff - $L; find . ! -type f ! -type d",
    '# 3. it is signed; the key must be the one on the hand-over form:',
    `#    ${sshFingerprint(publicKey)}`,
    `ssh-keygen -Y verify -f trust/allowed_signers -I ${organisation.contact} -n saksi-manifest-v1 -s seal/tagmanifest-sha256.txt.sig < tagmanifest-sha256.txt`,
    `ssh-keygen -Y verify -f trust/allowed_signers -I ${organisation.contact} -n saksi-manifest-v1 -s seal/seal-sha256.txt.sig < seal/seal-sha256.txt`,
    'sha256sum -c --strict --quiet seal/seal-sha256.txt',
    ...authorities.flatMap(({ name, chain }) => [
      `# 4. time stamp ${name}: the time, then the check at that time (G = seconds since 1970 UTC)`,
      `openssl ts -reply -in seal/${name}.tsr -text`,
      `openssl ts -verify -data tagmanifest-sha256.txt -in seal/${name}.tsr -CAfile trust/tsa/${name}.roots.pem ${chain === '' ? '' : `-untrusted trust/tsa/${name}.chain.pem `}-attime G`,
    ]),
    '# all of this and the proofs of the log:',
    'sh VERIFY.sh --fingerprint SHA256:...',
  ]
}

export function verifyText(input: BundleInput): string {
  return `How to check this bundle by hand
${'='.repeat(32)}

You need sha256sum, sha512sum, openssl 3.0 or newer, ssh-keygen 8.2 or newer and
a shell. No network, nothing to install. Run the commands in this folder.

A script that comes with evidence proves nothing by itself. VERIFY.sh does what
stands here and checks the proofs of the log as well; read it, or take it from
the release of the software.

${verifyCommands(input).join('\n')}

Files of the log (proofs/, and seal/bundle.*), for one record P0001:

# the record fits the entry: both commands print the same
openssl dgst -sha256 -mac HMAC -macopt hexkey:$(cat proofs/P0001.salt.hex) -binary proofs/P0001.record.json | openssl base64 -A
cut -d ' ' -f 2 proofs/P0001.leaf
# the entry is in the tree: RFC 6962 section 2.1.1, leaf hash = SHA-256(00, leaf),
# node = SHA-256(01, left, right), hashes in proofs/P0001.tlog-proof from leaf to root
# the tree is signed: C2SP signed-note and tlog-cosignature, keys in trust/keys/
# where there is an item beside it (P0002.item.*), sealed with its capture by the record
# that proofs/index.csv names last: salt and item give the leaf "saksi-item/v1 ..."
openssl dgst -sha256 -mac HMAC -macopt hexkey:$(cat proofs/P0002.item.salt.hex) -binary proofs/P0002.item.json | openssl base64 -A
# and the hashes of P0002.item.path lead from that leaf to itemsRoot of that record

An encrypted exhibit (use the output only if age ends with 0):

age -d -i KEY data/exhibits/E0001/original.age > original && sha256sum original

The digest must be plainSha256 of data/exhibits/E0001/exhibit.json.
`
}

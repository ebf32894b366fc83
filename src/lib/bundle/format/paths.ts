/** Where things lie in a bag. Verifier and builder agree here and nowhere else. */
export const PATHS = {
  bagit: 'bagit.txt',
  bagInfo: 'bag-info.txt',
  manifest: { sha256: 'manifest-sha256.txt', sha512: 'manifest-sha512.txt' },
  tagManifest: { sha256: 'tagmanifest-sha256.txt', sha512: 'tagmanifest-sha512.txt' },
  readme: 'README.txt',
  verifyScript: 'VERIFY.sh',
  verifyText: 'VERIFY.txt',
  withheld: 'data/withheld.json',
  caseJson: 'metadata/case.jsonld',
  exhibitsCsv: 'metadata/exhibits.csv',
  custodyCsv: 'metadata/custody.csv',
  custodyJson: 'metadata/custody.json',
  names: 'metadata/names.json',
  sealExpected: 'metadata/seal-expected.txt',
  reportHtml: 'report/report.html',
  reportPdf: 'report/report.pdf',
  guide: 'report/questions.txt',
  proofIndex: 'proofs/index.csv',
  allowedSigners: 'trust/allowed_signers',
  policy: 'trust/policy.txt',
  logKey: 'trust/keys/log.pem',
  signature: 'seal/tagmanifest-sha256.txt.sig',
  sealList: 'seal/seal-sha256.txt',
  sealListSignature: 'seal/seal-sha256.txt.sig',
} as const

/** The record of the sealing itself, in `seal/`, since it holds the digest of what is sealed. */
export const BUNDLE_PROOF = 'seal/bundle'

/** The four files that open a log record and prove it. */
export const PROOF_ENDINGS = ['.record.json', '.salt.hex', '.leaf', '.tlog-proof'] as const

/** Beside an exhibit's own record: the item of the sealed capture that it was, and what proves that. */
export const ITEM_ENDINGS = ['.item.json', '.item.salt.hex', '.item.path'] as const

/** In an exhibit's folder: what the log's record of a sighting holds the digest of. */
export const MESSAGE_REFERENCE = 'message-ref.txt'

export const PAYLOAD = 'data/'
export const SEAL = 'seal/'

export const BAGIT_TXT = 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n'

/** Sign of the n-th witness line of the policy, counted from 1. */
export function witnessKeyPath(n: number): string {
  return `trust/keys/w-${String(n).padStart(2, '0')}.pem`
}

/** Where the file of the exhibit lies that is the `index`-th of the bundle, counted from 0. */
export function enclosedPath(index: number, { name }: { name: string }): string {
  return `data/exhibits/${exhibitNumber(index)}/${name}`
}

export function exhibitNumber(index: number): string {
  return `E${String(index + 1).padStart(4, '0')}`
}

export function proofNumber(index: number): string {
  return `P${String(index + 1).padStart(4, '0')}`
}

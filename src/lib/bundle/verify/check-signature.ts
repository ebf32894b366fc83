import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToText } from '../../bytes/index.ts'
import { parseManifest } from '../format/manifest.ts'
import { PATHS } from '../format/paths.ts'
import { type AllowedSigner, parseAllowedSigners, sshFingerprint } from '../format/ssh-public-key.ts'
import { MANIFEST_NAMESPACE } from '../format/sshsig.ts'
import type { BagReader } from './bag-reader.ts'
import type { FoundFiles } from './check-files.ts'
import { type CheckList, named } from './check-list.ts'
import type { VerifyOptions } from './options.ts'
import { verifyManifestSignature } from './verify-signature.ts'

const MOST_BYTES = 64 * 1024 * 1024

/** Signature over the tag manifest and over the list of the seal. Answers the key's fingerprint, null when unreadable. */
export async function checkSignature(
  reader: BagReader,
  list: CheckList,
  { sealExpected }: FoundFiles,
  options: VerifyOptions,
): Promise<string | null> {
  let signer: AllowedSigner | null = null
  await list.check(
    'signature.key',
    'trust/allowed_signers names one Ed25519 key for manifests.',
    async () => {
      const read = parseAllowedSigners(utf8ToText(await reader.read(PATHS.allowedSigners, 4096)) ?? '')
      signer = read
      return read.namespace === MANIFEST_NAMESPACE ? null : 'It is for something else.'
    },
  )
  for (const [file, signature] of [
    [PATHS.tagManifest.sha256, PATHS.signature],
    [PATHS.sealList, PATHS.sealListSignature],
  ] as const) {
    await list.check(`signature.${file}`, `${file} is signed by this key.`, async () => {
      const key = signerKey(signer)
      if (key === null) return 'There is no key.'
      verifyManifestSignature(await reader.read(file, MOST_BYTES), await reader.read(signature, 4096), key)
      return null
    })
  }
  await list.check(
    'seal.list',
    'seal/seal-sha256.txt lists every other file of seal/ with its digest.',
    async () => {
      const lines = parseManifest(await reader.read(PATHS.sealList, 64 * 1024), 'sha256')
      const others = sealExpected.filter(
        (path) => path !== PATHS.sealList && path !== PATHS.sealListSignature,
      )
      const isSame = lines.length === others.length && lines.every(({ path }, i) => path === others[i])
      if (!isSame) return 'It lists other files.'
      const wrong: string[] = []
      for (const { path, digest } of lines)
        if (bytesToHex(sha256(await reader.read(path, 1024 * 1024))) !== digest) wrong.push(path)
      return named('Changed', wrong)
    },
  )
  const key = signerKey(signer)
  const fingerprint = key === null ? null : sshFingerprint(key)
  if (options.fingerprint !== null) {
    await list.check('signature.fingerprint', 'The key is the one whose fingerprint was given.', () =>
      fingerprint === options.fingerprint ? null : `The bundle was signed by ${fingerprint ?? 'nobody'}.`,
    )
  }
  return fingerprint
}

/** TypeScript does not see that a callback assigned it. */
function signerKey(signer: AllowedSigner | null): Uint8Array | null {
  return signer?.publicKey ?? null
}

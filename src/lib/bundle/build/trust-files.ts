import { bytesToBase64, concatBytes } from '../../bytes/index.ts'
import { BundleError } from '../errors.ts'
import { base64ToBytes } from '../format/base64.ts'
import { PATHS, witnessKeyPath } from '../format/paths.ts'
import { formatAllowedSigners } from '../format/ssh-public-key.ts'
import { MANIFEST_NAMESPACE } from '../format/sshsig.ts'
import type { BagFile, BundleInput } from '../model.ts'
import { bagFile } from './bag-file.ts'

/** SubjectPublicKeyInfo of an Ed25519 key up to the key itself (RFC 8410 section 4). */
const SPKI_START = new Uint8Array([48, 42, 48, 5, 6, 3, 43, 101, 112, 3, 33, 0])

/** What the checks are made against. It is only as good as the other way by which the reader gets the same. */
export function trustFiles({ organisation, publicKey, policy, authorities }: BundleInput): BagFile[] {
  const signer = { principal: organisation.contact, namespace: MANIFEST_NAMESPACE, publicKey }
  return [
    bagFile(PATHS.allowedSigners, formatAllowedSigners(signer)),
    ...(policy === null ? [] : policyFiles(policy)),
    ...authorities.flatMap(({ name, roots, chain }) => [
      bagFile(`trust/tsa/${name}.roots.pem`, roots),
      bagFile(`trust/tsa/${name}.chain.pem`, chain),
    ]),
  ]
}

/** The policy and, for openssl, each of its keys as PEM. Throws `BundleError` `INPUT_INVALID`. */
function policyFiles(policy: string): BagFile[] {
  const lines = policy.split('\n').map((line) => line.split(/[ \t]+/).filter((item) => item !== ''))
  const logs = lines.filter(([keyword]) => keyword === 'log').map(([, key]) => key)
  const witnesses = lines.filter(([keyword]) => keyword === 'witness').map(([, , key]) => key)
  if (logs.length !== 1) throw invalid()
  return [
    bagFile(PATHS.policy, policy),
    bagFile(PATHS.logKey, pem(logs[0])),
    ...witnesses.map((key, i) => bagFile(witnessKeyPath(i + 1), pem(key))),
  ]
}

/** A verifier key is `name+id+base64(type ‖ key)`; the base64 may hold a `+` itself (C2SP signed-note). */
function pem(verifierKey: string | undefined): string {
  const [, , ...rest] = (verifierKey ?? '').split('+')
  const key = base64ToBytes(rest.join('+')).subarray(1)
  if (key.length !== 32) throw invalid()
  return `-----BEGIN PUBLIC KEY-----\n${bytesToBase64(concatBytes(SPKI_START, key))}\n-----END PUBLIC KEY-----\n`
}

function invalid(): BundleError {
  return new BundleError(
    'INPUT_INVALID',
    'The policy of the log cannot go into a bundle: it needs one log, and Ed25519 keys.',
  )
}

import { KEY_TYPE, parsePolicy, type Vkey } from '../../tlog/index.ts'
import { BundleError } from '../errors.ts'
import { PATHS, witnessKeyPath } from '../format/paths.ts'
import { publicKeyPem } from '../format/public-key-pem.ts'
import { formatAllowedSigners } from '../format/ssh-public-key.ts'
import { MANIFEST_NAMESPACE } from '../format/sshsig.ts'
import type { BundleInput } from '../model.ts'
import { type MadeFile, madeFile } from './bag-file.ts'

/** What the checks are made against. It is only as good as the other way by which the reader gets the same. */
export function trustFiles({ organisation, publicKey, policy, authorities }: BundleInput): MadeFile[] {
  const signer = { principal: organisation.contact, namespace: MANIFEST_NAMESPACE, publicKey }
  return [
    madeFile(PATHS.allowedSigners, formatAllowedSigners(signer)),
    ...(policy === null ? [] : policyFiles(policy)),
    ...authorities.flatMap(({ name, roots, chain }) => [
      madeFile(`trust/tsa/${name}.roots.pem`, roots),
      madeFile(`trust/tsa/${name}.chain.pem`, chain),
    ]),
  ]
}

/** The policy and, for openssl, each of its keys as PEM. Throws `INPUT_INVALID`, or `TlogError` for no policy at all. */
function policyFiles(policy: string): MadeFile[] {
  const { logs, witnesses } = parsePolicy(policy, { allowNoWitness: true })
  const [log] = logs
  if (log === undefined || logs.length > 1) throw invalid()
  return [
    madeFile(PATHS.policy, policy),
    madeFile(PATHS.logKey, pem(log.vkey)),
    ...witnesses.map(({ vkey }, i) => madeFile(witnessKeyPath(i + 1), pem(vkey))),
  ]
}

function pem({ type, publicKey }: Vkey): string {
  if (type !== KEY_TYPE.ed25519 && type !== KEY_TYPE.cosignature) throw invalid()
  return publicKeyPem(publicKey)
}

function invalid(): BundleError {
  return new BundleError(
    'INPUT_INVALID',
    'The policy of the log cannot go into a bundle: it needs one log, and Ed25519 keys.',
  )
}

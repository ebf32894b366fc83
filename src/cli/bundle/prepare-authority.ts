import { createHash, randomBytes } from 'node:crypto'
import { certificatePem } from '#lib/bundle/index.ts'
import { askTimeStamp, type TimeStampAuthorityAddress } from './ask-time-stamp.ts'

/**
 * Learns which root and which certificates an authority uses, by having it stamp random bytes: both must lie in the
 * bundle before its list of files can be signed and stamped, and of many possible roots only the one used belongs there.
 * Throws `BundleFileError` `SEAL_TIMESTAMP`.
 */
export async function prepareAuthority(
  authority: TimeStampAuthorityAddress,
  { nowMs, signal }: { nowMs: number; signal: AbortSignal },
): Promise<TimeStampAuthorityAddress> {
  const data = randomBytes(32)
  const digest = createHash('sha256').update(data).digest()
  const { path } = await askTimeStamp(authority, { data, digest, nonce: randomBytes(8), nowMs, signal })
  const certificates = path.map(certificatePem)
  // The signer itself is in every reply.
  return { ...authority, roots: certificates.at(-1) ?? '', chain: certificates.slice(1, -1).join('') }
}

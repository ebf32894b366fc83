import { concatBytes } from '../../bytes/index.ts'
import { BundleError } from '../errors.ts'

/** A TimeStampReq for SHA-256 up to the digest (RFC 3161 section 2.4.1). */
const START = new Uint8Array([
  0x30, 0x43, 0x02, 0x01, 0x01, 0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04,
  0x02, 0x01, 0x05, 0x00, 0x04, 0x20,
])

/**
 * The 69 bytes that ask a time-stamp authority to stamp a SHA-256 digest and to send its certificate along: without that
 * a laboratory would have to find the certificate itself. `nonce` has 8 random bytes; its first bits are set so that the
 * number is positive and has 8 bytes. Throws `BundleError` `INPUT_INVALID`.
 */
export function timeStampQuery(digest: Uint8Array, nonce: Uint8Array): Uint8Array {
  if (digest.length !== 32 || nonce.length !== 8) {
    throw new BundleError('INPUT_INVALID', 'A time stamp needs a SHA-256 digest and 8 random bytes.')
  }
  const number = Uint8Array.from(nonce)
  number[0] = (number[0] ?? 0) & 0x7f || 1
  return concatBytes(START, digest, new Uint8Array([0x02, 0x08]), number, new Uint8Array([0x01, 0x01, 0xff]))
}

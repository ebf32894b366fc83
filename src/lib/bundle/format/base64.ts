import { base64ToBytes as strictBytes } from '../../bytes/index.ts'
import { BundleError } from '../errors.ts'

/**
 * The bytes of standard base64 in its one exact form: no line breaks, no missing padding, no stray bits. Throws
 * `BundleError` `BASE64_INVALID`.
 */
export function base64ToBytes(text: string): Uint8Array<ArrayBuffer> {
  const bytes = strictBytes(text)
  if (bytes === null)
    throw new BundleError('BASE64_INVALID', 'This is not base64 text in its one exact form.')
  return Uint8Array.from(bytes)
}

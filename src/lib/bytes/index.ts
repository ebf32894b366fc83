export { base64ToBytes, bytesToBase64 } from './base64.ts'
export {
  type CanonicalValue,
  canonicalJson,
  MAX_CANONICAL_DEPTH,
  parseCanonicalJson,
} from './canonical-json.ts'
export { concatBytes } from './concat.ts'
export { equalBytes } from './equal.ts'
export { bytesToHex, hexToBytes } from './hex.ts'
export { isWellFormed, textToUtf8, utf8ToText } from './utf8.ts'

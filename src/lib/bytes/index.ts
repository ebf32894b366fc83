export { bytesToHex, hexToBytes } from './hex.ts'

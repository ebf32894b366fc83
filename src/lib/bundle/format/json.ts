import { utf8 } from './bytes.ts'

/** Indented JSON with a final line break. Keys stay in the order they were given: the same value gives the same bytes. */
export function jsonBytes(value: unknown): Uint8Array<ArrayBuffer> {
  return utf8(`${JSON.stringify(value, null, 2)}\n`)
}

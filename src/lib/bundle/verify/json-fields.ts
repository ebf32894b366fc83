import { utf8ToText } from '../../bytes/index.ts'

/** JSON of unknown shape, for reading single fields of it. Throws when the bytes are no JSON. */
export function parseJson(bytes: Uint8Array): unknown {
  return JSON.parse(utf8ToText(bytes) ?? '')
}

/** An own field of an object; undefined when there is no such field, or the value is no object. */
export function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  return Object.entries(value).find(([key]) => key === name)?.[1]
}

import { isWellFormed } from './utf8.ts'

/** What our canonical JSON holds: no `null`, no fractions. */
export type CanonicalValue =
  | string
  | number
  | boolean
  | readonly CanonicalValue[]
  | { readonly [key: string]: CanonicalValue }

/** Deeper nesting is refused, so that a hostile value cannot exhaust the stack. */
export const MAX_CANONICAL_DEPTH = 32

/**
 * The canonical form (RFC 8785) of a value made of strings, whole numbers within 2^53 - 1, booleans, arrays and plain
 * objects, or null when something else is in it: `null`, `undefined`, a fraction, minus zero, a lone surrogate, another
 * kind of object, or nesting deeper than `MAX_CANONICAL_DEPTH`. Text is taken as it is; Unicode is not normalised.
 */
export function canonicalJson(value: unknown): string | null {
  return write(value, MAX_CANONICAL_DEPTH)
}

/**
 * The value of canonical JSON text, or null for every text that `canonicalJson` would not write: space, another order of keys,
 * a key twice, `null`, a fraction, another spelling of a number or an escape.
 */
export function parseCanonicalJson(text: string): CanonicalValue | null {
  try {
    const value: unknown = JSON.parse(text)
    // `JSON.parse` keeps the last of two equal keys, so that the text written again differs.
    return canonicalJson(value) === text ? (value as CanonicalValue) : null // canonicalJson accepts nothing else
  } catch {
    return null
  }
}

function write(value: unknown, depth: number): string | null {
  if (typeof value === 'string') return isWellFormed(value) ? JSON.stringify(value) : null
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'number') return isExact(value) ? String(value) : null
  if (typeof value !== 'object' || value === null || depth === 0) return null
  return Array.isArray(value) ? writeArray(value, depth - 1) : writeObject(value, depth - 1)
}

function writeArray(values: readonly unknown[], depth: number): string | null {
  const parts: string[] = []
  for (let i = 0; i < values.length; i++) {
    const part = write(values[i], depth)
    if (part === null) return null
    parts.push(part)
  }
  return `[${parts.join(',')}]`
}

function writeObject(value: object, depth: number): string | null {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return null
  const parts: string[] = []
  // The default order of `sort` is by UTF-16 code units, which is what RFC 8785 section 3.2.3 asks for.
  for (const [key, member] of Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const part = write(member, depth)
    if (part === null || !isWellFormed(key)) return null
    parts.push(`${JSON.stringify(key)}:${part}`)
  }
  return `{${parts.join(',')}}`
}

function isExact(value: number): boolean {
  return Number.isSafeInteger(value) && !Object.is(value, -0)
}

import { utf8ToText } from '../../bytes/index.ts'
import { BundleError } from '../errors.ts'

/** What a bundle shows of a record of the log. Whether it is in the log, the proof says. */
export interface RecordFacts {
  type: string
  /** When its author says it happened. */
  at: string
  log: string
  by: { role: string; key: string }
  chain: { id: string; n: number; prev: string | null } | null
  body: Readonly<Record<string, unknown>>
}

/** Reads a record (version 1). Throws `BundleError` `INPUT_INVALID` when it is not one. */
export function readRecord(bytes: Uint8Array): RecordFacts {
  const record = parseObject(utf8ToText(bytes))
  const by = objectOf(record['by'])
  const body = objectOf(record['body'])
  const { type, at, log, v } = record
  if (v !== 1 || by === null || body === null) throw invalid()
  const { role, key } = by
  const texts = [type, at, log, role, key]
  if (!texts.every((text) => typeof text === 'string')) throw invalid()
  return {
    type: String(type),
    at: String(at),
    log: String(log),
    by: { role: String(role), key: String(key) },
    chain: chainOf(record['chain']),
    body,
  }
}

function chainOf(value: unknown): RecordFacts['chain'] {
  if (value === undefined) return null
  const chain = objectOf(value)
  const { id, n, prev = null } = chain ?? {}
  if (typeof id !== 'string' || typeof n !== 'number' || (prev !== null && typeof prev !== 'string'))
    throw invalid()
  return { id, n, prev }
}

function parseObject(text: string | null): Readonly<Record<string, unknown>> {
  try {
    const object = text === null ? null : objectOf(JSON.parse(text))
    if (object !== null) return object
  } catch {
    // Not JSON: refused below.
  }
  throw invalid()
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  return Object.fromEntries(Object.entries(value))
}

function invalid(): BundleError {
  return new BundleError('INPUT_INVALID', 'A record of the log is not in the form of version 1.')
}

import * as z from 'zod/mini'
import type { ProvenItem } from '#lib/bundle/index.ts'
import { base64ToBytes, hexToBytes, utf8ToText } from '#lib/bytes/index.ts'
import { AppError } from '#lib/errors/index.ts'
import { commit, formatItemLeaf, leafHash, nodeHash } from '#lib/tlog/index.ts'
import { BundleFileError } from './errors.ts'

/** A capture of a million messages has items of about 300 MB. */
const MOST_BYTES = 512 * 1024 * 1024

const line = z.union([
  z.strictObject({ salt: z.string().check(z.regex(/^[0-9a-f]{64}$/)), item: z.string() }),
  z.strictObject({ leaf: z.string() }),
])

/** The items of a capture that a log has sealed, as its keeper keeps them. */
export interface SealedCapture {
  /** The item with these canonical bytes and what proves it, null when the capture has none such. */
  find(item: string): ProvenItem | null
}

/**
 * Reads the items of a sealed capture, as lines, from the openings of a log. Throws `BundleFileError` `ITEMS_MISSING` when
 * they were erased or are damaged: a bundle over them would lack its proofs.
 */
export async function readSealedCapture(lines: AsyncIterable<string>): Promise<SealedCapture> {
  const byItem = new Map<string, { index: number; salt: Uint8Array; item: Uint8Array }>()
  const leaves: Uint8Array[] = []
  for await (const text of boundedLines(lines)) {
    const parsed = line.safeParse(parseJson(text))
    if (!parsed.success) throw missing('a line of them is damaged')
    if ('leaf' in parsed.data) {
      leaves.push(leafHash(base64ToBytes(parsed.data.leaf) ?? new Uint8Array()))
      continue
    }
    const [salt, item] = [hexToBytes(parsed.data.salt), base64ToBytes(parsed.data.item)]
    const words = item === null ? null : utf8ToText(item)
    if (salt === null || item === null || words === null) throw missing('a line of them is damaged')
    byItem.set(words, { index: leaves.length, salt, item })
    leaves.push(leafHash(formatItemLeaf(commit(salt, item))))
  }
  if (leaves.length === 0) throw missing('they were erased')
  const levels = levelsOf(leaves)
  return {
    find: (text) => {
      const found = byItem.get(text)
      return found === undefined ? null : { ...found, path: pathOf(levels, found.index) }
    },
  }
}

/** All levels of a tree whose leaves are a power of two, leaves first (RFC 6962 section 2.1). */
function levelsOf(leaves: readonly Uint8Array[]): (readonly Uint8Array[])[] {
  const levels = [leaves]
  for (let below = leaves; below.length > 1; ) {
    if (below.length % 2 !== 0) throw missing('their number is none that a capture has')
    const level = Array.from({ length: below.length / 2 }, (_, i) =>
      nodeHash(below[2 * i] ?? new Uint8Array(), below[2 * i + 1] ?? new Uint8Array()),
    )
    levels.push(level)
    below = level
  }
  return levels
}

function pathOf(levels: readonly (readonly Uint8Array[])[], index: number): Uint8Array[] {
  // Each level up halves the place; the sibling differs in the last bit only.
  return levels.slice(0, -1).map((level, height) => {
    const at = Math.floor(index / 2 ** height)
    return level[at % 2 === 0 ? at + 1 : at - 1] ?? new Uint8Array()
  })
}

async function* boundedLines(lines: AsyncIterable<string>): AsyncGenerator<string, void> {
  let length = 0
  try {
    for await (const text of lines) {
      length += text.length
      if (length > MOST_BYTES) throw new Error('too large')
      yield text
    }
  } catch (cause) {
    if (cause instanceof AppError && cause.code.startsWith('DATABASE_')) throw cause
    throw missing('they cannot be read', cause)
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function missing(why: string, cause?: unknown): BundleFileError {
  return new BundleFileError(
    'ITEMS_MISSING',
    `The log holds the capture this scan is of, but not what proves its messages one by one: ${why}. Nothing was written. Without --log a bundle can be made that carries no proof of the log.`,
    { cause },
  )
}

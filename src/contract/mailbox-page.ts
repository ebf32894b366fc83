import { PAGE_BYTES } from './sizes.ts'

/*
 * A page, all numbers big-endian:
 *   0 u8 version (1) | 1 u8 status | 2 u8 more pages follow (0, 1) | 3 u8 logged (0, 1) | 4 u64 index in the log
 *   12 cursor of the next page (21 bytes) | 33 u16 number of parts | 35 parts | zeros
 * A part: u8 kind | 16 bytes id (a wrap's: zeros) | u16 epoch | u8 direction | u32 length of the whole | u32 offset |
 *   u32 length here | bytes
 */
const VERSION = 1
const HEAD_BYTES = 35
const PART_HEAD_BYTES = 32
export const CURSOR_BYTES = 21
/** Where the first page begins: 21 zero bytes as base64url. */
export const EMPTY_CURSOR = 'A'.repeat(28)

const STATUSES = ['open', 'withdrawn', 'closing', 'closed'] as const
export type CaseStatus = (typeof STATUSES)[number]

/** A piece of a wrap or of an item. What is longer than a page comes in several. */
export interface PagePart {
  readonly kind: 'wrap' | 'item'
  readonly id: Uint8Array
  readonly epoch: number
  /** Of an item: `in` from her, `out` to her. */
  readonly direction: 'in' | 'out'
  readonly wholeBytes: number
  readonly offset: number
  readonly bytes: Uint8Array
}

export interface MailboxPage {
  readonly status: CaseStatus
  /** Position in the custody log of what the report is committed to there, or null while it waits. */
  readonly logIndex: number | null
  readonly parts: readonly PagePart[]
  /** 21 bytes to ask for the next page with, or null after the last. */
  readonly next: Uint8Array | null
}

/** How many bytes of content still fit beside parts that take `usedBytes`, or 0. */
export function roomFor(usedBytes: number): number {
  return Math.max(0, PAGE_BYTES - HEAD_BYTES - usedBytes - PART_HEAD_BYTES)
}

/** How much of a page a part of so many content bytes takes. */
export function partBytes(contentBytes: number): number {
  return PART_HEAD_BYTES + contentBytes
}

/** The page as exactly 65,536 bytes. Throws `RangeError` when the parts do not fit: the caller has counted wrong. */
export function encodePage({ status, logIndex, parts, next }: MailboxPage): Uint8Array {
  const bytes = new Uint8Array(PAGE_BYTES)
  const view = new DataView(bytes.buffer)
  bytes.set([VERSION, STATUSES.indexOf(status) + 1, next === null ? 0 : 1, logIndex === null ? 0 : 1])
  view.setBigUint64(4, BigInt(logIndex ?? 0))
  bytes.set(next ?? new Uint8Array(CURSOR_BYTES), 12)
  view.setUint16(33, parts.length)
  let at = HEAD_BYTES
  for (const part of parts) {
    bytes[at] = part.kind === 'wrap' ? 1 : 2
    bytes.set(part.id, at + 1)
    view.setUint16(at + 17, part.epoch)
    bytes[at + 19] = part.direction === 'in' ? 1 : 2
    view.setUint32(at + 20, part.wholeBytes)
    view.setUint32(at + 24, part.offset)
    view.setUint32(at + 28, part.bytes.length)
    bytes.set(part.bytes, at + PART_HEAD_BYTES)
    at += PART_HEAD_BYTES + part.bytes.length
  }
  return bytes
}

/** Reads a page, or null for what is none. */
export function decodePage(bytes: Uint8Array): MailboxPage | null {
  if (bytes.length !== PAGE_BYTES || bytes[0] !== VERSION) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const status = STATUSES[view.getUint8(1) - 1]
  const parts: PagePart[] = []
  let at = HEAD_BYTES
  for (let left = view.getUint16(33); left > 0; left--) {
    const part = decodePart(bytes, view, at)
    if (part === null) return null
    parts.push(part)
    at += PART_HEAD_BYTES + part.bytes.length
  }
  if (status === undefined || bytes.subarray(at).some((byte) => byte !== 0)) return null
  return {
    status,
    logIndex: bytes[3] === 1 ? Number(view.getBigUint64(4)) : null,
    parts,
    next: bytes[2] === 1 ? bytes.slice(12, 12 + CURSOR_BYTES) : null,
  }
}

function decodePart(bytes: Uint8Array, view: DataView, at: number): PagePart | null {
  if (at + PART_HEAD_BYTES > bytes.length) return null
  const [kind, direction, length] = [view.getUint8(at), view.getUint8(at + 19), view.getUint32(at + 28)]
  const start = at + PART_HEAD_BYTES
  if (kind < 1 || kind > 2 || direction < 1 || direction > 2 || start + length > bytes.length) return null
  return {
    kind: kind === 1 ? 'wrap' : 'item',
    id: bytes.slice(at + 1, at + 17),
    epoch: view.getUint16(at + 17),
    direction: direction === 1 ? 'in' : 'out',
    wholeBytes: view.getUint32(at + 20),
    offset: view.getUint32(at + 24),
    bytes: bytes.slice(start, start + length),
  }
}

import {
  type CaseStatus,
  CURSOR_BYTES,
  encodePage,
  type PagePart,
  partBytes,
  roomFor,
} from '#contract/mailbox-page.ts'
import { WRAP_BYTES } from '#contract/sizes.ts'
import type { Db } from '../../database.ts'
import { itemBodies, itemHeads, logIndexOf, type Piece, wrapsFrom } from './store.ts'

/** No piece of an item is shorter than this, unless it is its end. */
const SHORTEST_PIECE = 1_024
const NO_ID = Buffer.alloc(16)
const KIND = { wraps: 0, items: 2 } as const

/** Where a page begins: among the wraps, at an epoch and slot, or within an item. */
type Position =
  | { readonly kind: 'wraps'; readonly epoch: number; readonly slot: number }
  | { readonly kind: 'items'; readonly id: Buffer; readonly offset: number }

/** What a page is filled from. */
export interface PageOf {
  readonly caseId: Buffer
  readonly status: CaseStatus
  readonly mailbox: Buffer
  readonly now: Date
}

/** The page of a mailbox that begins at `cursor`: her wraps, then the items in the order of their ids. */
export async function readPage(db: Db, of: PageOf, cursor: Buffer): Promise<Uint8Array> {
  const position = readCursor(cursor)
  const parts: PagePart[] = []
  let start: Extract<Position, { kind: 'items' }> = { kind: 'items', id: NO_ID, offset: 0 }
  if (position.kind === 'items') start = position
  else {
    const next = await addWraps(db, of, position, parts)
    if (next !== null) return finish(db, of, parts, next)
  }
  const next = await addItems(db, of, start, parts)
  return finish(db, of, parts, next)
}

async function finish(
  db: Db,
  of: PageOf,
  parts: readonly PagePart[],
  next: Position | null,
): Promise<Uint8Array> {
  const logIndex = await logIndexOf(db, of.caseId)
  return encodePage({ status: of.status, logIndex, parts, next: next === null ? null : writeCursor(next) })
}

async function addWraps(
  db: Db,
  of: PageOf,
  from: Extract<Position, { kind: 'wraps' }>,
  parts: PagePart[],
): Promise<Position | null> {
  const most = Math.floor(roomFor(0) / partBytes(WRAP_BYTES))
  const wraps = await wrapsFrom(db, { ...of, ...from, limit: most + 1 })
  for (const { epoch, body } of wraps.slice(0, most)) {
    parts.push({
      kind: 'wrap',
      id: NO_ID,
      epoch,
      direction: 'out',
      wholeBytes: body.length,
      offset: 0,
      bytes: body,
    })
  }
  const after = wraps[most]
  return after === undefined ? null : { kind: 'wraps', epoch: after.epoch, slot: after.slot }
}

async function addItems(
  db: Db,
  of: PageOf,
  from: Extract<Position, { kind: 'items' }>,
  parts: PagePart[],
): Promise<Position | null> {
  let used = parts.reduce((sum, part) => sum + partBytes(part.bytes.length), 0)
  const heads = await itemHeads(db, { ...of, from: from.id })
  const pieces: Piece[] = []
  let next: Position | null = null
  for (const head of heads) {
    // An item that was erased meanwhile is not continued with another one.
    const offset = head.id.equals(from.id) ? Math.min(from.offset, head.sizeBytes) : 0
    const rest = head.sizeBytes - offset
    const room = roomFor(used)
    const length = Math.min(rest, room)
    if (length < rest && length < SHORTEST_PIECE) {
      next = { kind: 'items', id: head.id, offset }
      break
    }
    pieces.push({ ...head, offset, length })
    used += partBytes(length)
    if (length < rest) {
      next = { kind: 'items', id: head.id, offset: offset + length }
      break
    }
  }
  const bodies = await itemBodies(db, of.caseId, pieces)
  for (const piece of pieces) {
    const bytes = bodies.get(piece.id.toString('hex'))
    // Erased between the two questions.
    if (bytes === undefined) continue
    parts.push({
      kind: 'item',
      id: piece.id,
      epoch: piece.epoch,
      direction: piece.direction,
      wholeBytes: piece.sizeBytes,
      offset: piece.offset,
      bytes,
    })
  }
  return next
}

function readCursor(cursor: Buffer): Position {
  if (cursor.readUInt8(0) === KIND.items) {
    return { kind: 'items', id: cursor.subarray(1, 17), offset: cursor.readUInt32BE(17) }
  }
  return { kind: 'wraps', epoch: cursor.readUInt16BE(1), slot: cursor.readUInt16BE(3) }
}

function writeCursor(position: Position): Uint8Array {
  const cursor = Buffer.alloc(CURSOR_BYTES)
  cursor.writeUInt8(KIND[position.kind], 0)
  if (position.kind === 'items') {
    cursor.set(position.id, 1)
    cursor.writeUInt32BE(position.offset, 17)
  } else {
    cursor.writeUInt16BE(position.epoch, 1)
    cursor.writeUInt16BE(position.slot, 3)
  }
  return cursor
}

/** Members nearly every message has: the scanner notes where they stand, so that they need no object. */
export const SLOT = {
  id: 0,
  type: 1,
  date: 2,
  unixtime: 3,
  from: 4,
  fromId: 5,
  text: 6,
  entities: 7,
  replyTo: 8,
} as const

export const SLOT_KEYS = [
  'id',
  'type',
  'date',
  'date_unixtime',
  'from',
  'from_id',
  'text',
  'text_entities',
  'reply_to_message_id',
] as const

const TABLE_SIZE = 256
const KEY_BYTES = SLOT_KEYS.map((key) => new TextEncoder().encode(key))
const TABLE = buildTable()

/** One step of the hash `slotOf` is asked with, from 0, for every byte of the key. */
export function hashStep(hash: number, byte: number): number {
  return ((hash << 5) - hash + byte) | 0
}

/** Slot of the key at `start`..`end`, whose bytes hash to `hash`, or -1. */
export function slotOf(bytes: Uint8Array, start: number, end: number, hash: number): number {
  for (let at = placeOf(hash); ; at = (at + 1) % TABLE_SIZE) {
    const slot = TABLE[at] ?? -1
    if (slot < 0) return -1
    const key = KEY_BYTES[slot]
    if (key !== undefined && key.length === end - start && isSame(bytes, start, key)) return slot
  }
}

function isSame(bytes: Uint8Array, start: number, key: Uint8Array): boolean {
  for (let i = 0; i < key.length; i++) if (bytes[start + i] !== key[i]) return false
  return true
}

function placeOf(hash: number): number {
  return (hash ^ (hash >>> 8) ^ (hash >>> 16)) & (TABLE_SIZE - 1)
}

function buildTable(): Int8Array {
  const table = new Int8Array(TABLE_SIZE).fill(-1)
  KEY_BYTES.forEach((key, slot) => {
    let at = placeOf(key.reduce(hashStep, 0))
    while (table[at] !== -1) at = (at + 1) % TABLE_SIZE
    table[at] = slot
  })
  return table
}

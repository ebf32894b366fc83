import type { JsonObject } from './json.ts'

export const RAW_TYPES = ['message', 'service', 'unsupported', 'other'] as const
export type RawType = (typeof RAW_TYPES)[number]

/** One message as read from the file, before it is mapped. One instance is filled again for every message. */
export class RawMessage {
  type: RawType = 'other'
  /** NaN when the id is no integer that a number can hold; then `idText` has it as written. */
  id = Number.NaN
  idText: string | null = null
  date: unknown = undefined
  /** NaN when absent or not a decimal number. */
  unixSeconds = Number.NaN
  /** A `date_unixtime` was there but is no decimal number. */
  isUnixOdd = false
  from: unknown = undefined
  fromId: unknown = undefined
  /** NaN when there is none. */
  replyTo = Number.NaN
  text: unknown = undefined
  /** Not an array when absent, or when it only repeats `text`. */
  entities: unknown = undefined
  /** All other members. */
  rare: JsonObject | null = null
  start = 0
  end = 0
  isRepaired = false
}

/** What a message is called in warnings: its id, else where it stands. */
export function nameOf(raw: RawMessage): string {
  return Number.isNaN(raw.id) ? (raw.idText ?? String(raw.start)) : String(raw.id)
}

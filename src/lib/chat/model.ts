/**
 * The neutral message model: what every export reader produces, whatever the application it came from.
 * All offsets into text are UTF-16 units; all byte ranges are offsets into the file as it was handed over.
 */

export type ChatFormat = 'telegram-json' | 'telegram-html' | 'whatsapp-text' | 'pictures'

/** One file, read by ranges. Nothing in `lib` opens files: the caller supplies this. */
export interface Source {
  /** Path inside the export, `/`-separated. */
  readonly path: string
  readonly sizeBytes: number
  /** Bytes `start`..`end` (exclusive); shorter only at the end of the file. */
  slice(start: number, end: number): Promise<Uint8Array>
}

/** What lies at a path of an export. `refused`: hostile path, link, device, or over a limit. */
export type EntryState = 'present' | 'missing' | 'refused'

/** An export as handed over: a file, a folder or an archive. */
export interface SourceTree {
  /** Name of the file or folder handed over, without its directory. */
  readonly name: string
  /** Every regular file in stable order. Links, devices and hostile names are left out and counted in `refused`. */
  files(): Promise<readonly { path: string; sizeBytes: number }[]>
  readonly refused: readonly { path: string; code: 'PATH_HOSTILE' | 'ENTRY_TYPE' }[]
  open(path: string): Promise<Source | null>
  state(path: string): EntryState | Promise<EntryState>
}

/** When something happened. `utcMs` is null when the export does not allow to know it: nothing is guessed. */
export interface Moment {
  utcMs: number | null
  /** As written in the export, when there is a local form. */
  local: string | null
  precision: 's' | 'min' | 'day'
  zone: 'utc' | 'offset' | 'stated' | 'unknown'
  /** All readings that are possible when it is ambiguous, milliseconds UTC. */
  candidatesMs?: number[]
}

export type AttachmentKind =
  | 'photo'
  | 'video'
  | 'voice'
  | 'round'
  | 'animation'
  | 'sticker'
  | 'audio'
  | 'file'
  | 'contact-card'
  | 'thumbnail'

export const ATTACHMENT_STATES = [
  'present',
  'not-included',
  'too-large',
  'unavailable',
  'missing',
  'refused',
  'withheld',
] as const

/**
 * `present`: named and in the export. `not-included`, `too-large`, `unavailable`: the exporter said so. `missing`: named,
 * but the file is not there. `refused`: hostile path or over a limit. `withheld`: marked as suspected child abuse
 * material; no path, name, size or digest is kept.
 */
export type AttachmentState = (typeof ATTACHMENT_STATES)[number]

export interface Attachment {
  kind: AttachmentKind
  state: AttachmentState
  /** Path inside the export, only when `present` or `missing`. */
  path?: string
  fileName?: string
  sizeBytes?: number
  mime?: string
  width?: number
  height?: number
  seconds?: number
  isSpoiler?: boolean
}

export interface Entity {
  type: string
  start: number
  end: number
  href?: string
  userId?: string
}

/** Byte range of a message in its file: `tail -c +$((start+1)) FILE | head -c $((end-start))` cuts the same bytes. */
export interface RawRange {
  file: string
  start: number
  end: number
}

export interface Forward {
  name?: string
  accountKey?: string
  atMs?: number
}

export interface Message {
  /** 0-based order in the export. */
  seq: number
  kind: 'message' | 'service' | 'unsupported' | 'system'
  placeKey: string
  /** As in the export; null where the format has none. */
  id: string | null
  /** Telegram: the id before the group became a supergroup. */
  originalId?: string
  isMigrated?: boolean
  sentAt: Moment
  editedAt?: Moment
  authorKey: string | null
  authorName: string | null
  forward?: Forward
  replyTo?: { id: string; placeKey?: string }
  text: string
  entities: Entity[]
  attachments: Attachment[]
  contact?: { firstName?: string; lastName?: string; phone?: string }
  /** Links hidden in buttons, invoices and the like; not part of `text`. */
  hiddenLinks?: string[]
  /**
   * Words of the message that are not in `text`, to be searched like it: poll questions and answers, places, and the
   * second version where an export contradicts itself. `field` is the name in the export.
   */
  otherTexts?: { field: string; text: string }[]
  reactions?: { kind: string; value: string; count: number }[]
  service?: Record<string, unknown> & { action: string | null }
  raw: RawRange
  /** True when bytes had to be repaired before this message could be read. */
  isRepaired?: boolean
}

export interface Repair {
  code: string
  file: string
  offset: number
  /** At most 16 bytes, hexadecimal. */
  before: string
  after: string
}

export interface Gap {
  kind: 'unsupported' | 'truncated' | 'date-jump-back' | 'decode-error' | 'too-large' | 'nesting'
  file: string
  start: number
  end: number
  detail: string
}

export interface Warning {
  code: string
  count: number
  /** What was seen first, e.g. a message id or a byte offset as text. */
  firstAt: string
}

export type PlaceKind = 'group' | 'supergroup' | 'channel' | 'dm' | 'page' | 'thread' | 'unknown'

export interface Place {
  key: string
  platform: 'telegram' | 'whatsapp' | 'files'
  kind: PlaceKind
  ids: string[]
  titles: string[]
}

export interface SourceRecord {
  path: string
  sizeBytes: number
  sha256: string
}

/** What a reader knows after its last batch. */
export interface Collection {
  format: ChatFormat
  sources: SourceRecord[]
  places: Place[]
  counts: {
    messages: number
    service: number
    unsupported: number
    edited: number
    forwarded: number
    attachments: Partial<Record<AttachmentState, number>>
  }
  /** At most 10 000 are kept; `repairCount` has them all. */
  repairs: Repair[]
  repairCount: number
  gaps: Gap[]
  gapCount: number
  warnings: Warning[]
  timeRange: { firstMs: number; lastMs: number } | null
}

/** Streaming SHA-256, supplied by the caller (Node's crypto, hash-wasm in a browser). */
export interface StreamHash {
  update(bytes: Uint8Array): void
  /** Lower-case hexadecimal; ends the stream. */
  hex(): string
}

export interface ReadOptions {
  sha256: () => StreamHash
  /** IANA zone the witness states for exports without one; never assumed. */
  statedZone?: string
  /** `day-first` or `month-first`, when the witness was asked because dates were ambiguous. */
  dateOrder?: 'day-first' | 'month-first'
  /** Now, milliseconds UTC: dates past it are flagged. */
  nowMs: number
  onProgress?: (readBytes: number, totalBytes: number) => void
  signal?: { readonly aborted: boolean }
}

/** One pass over an export. Iterate `batches` to its end, then ask for the summary. */
export interface ChatReader {
  readonly format: ChatFormat
  batches(): AsyncGenerator<Message[], void, undefined>
  /** Complete only after the last batch. */
  summary(): Collection
}

import { createHash } from 'node:crypto'
import type { ContextMessage, NeutralMessage, SentAt } from '#lib/bundle/index.ts'
import {
  type Attachment,
  type ChatReader,
  type Message,
  type Moment,
  openChat,
  type ReadOptions,
} from '#lib/chat/index.ts'
import { maskPath } from '../scan/mask-text.ts'
import { openSourceTree } from '../source/index.ts'
import { cutMessages } from './cut-messages.ts'
import { Others } from './mask-others.ts'
import type { SelectedExhibit } from './select-exhibits.ts'

export interface ReadMessagesOptions {
  /** Messages before and after that go along, masked; 0 for none. */
  contextSize: number
  /** The message without its exact bytes, and with what could name other people masked. */
  isMasked: boolean
  statedZone: string | null
  nowMs: number
  signal: AbortSignal
}

/** What the export says about one exhibit. */
export interface SelectedMessage {
  raw: Uint8Array | null
  message: NeutralMessage | null
  context: readonly ContextMessage[] | null
}

interface Found {
  message: Message
  before: readonly Message[]
  after: Message[]
}

/** So many names of an export are kept out of other people's texts. */
const MOST_NAMES = 100_000

/**
 * Reads the selected messages again from the export that was scanned: their bytes, what they say, and their neighbours.
 * Throws `BundleFileError` `SCAN_CHANGED` when it is another export, or what `openSourceTree` and `openChat` throw.
 */
export async function readMessages(
  exportPath: string,
  selected: readonly SelectedExhibit[],
  options: ReadMessagesOptions,
): Promise<SelectedMessage[]> {
  const tree = await openSourceTree(exportPath)
  try {
    const cut = await cutMessages(tree, selected)
    const others = new Others()
    const reader = await openChat(tree, readOptions(options))
    const found = await findMessages(reader, selected, { ...options, others })
    return selected.map((one, i): SelectedMessage => {
      const own = found.get(keyOf(one))
      return {
        raw: options.isMasked ? null : (cut[i] ?? null),
        message: own ? neutral(own.message, options.isMasked ? others : null) : null,
        context: own && options.contextSize > 0 ? contextOf(own, others) : null,
      }
    })
  } finally {
    await tree.close()
  }
}

async function findMessages(
  reader: ChatReader,
  selected: readonly SelectedExhibit[],
  { contextSize, others }: ReadMessagesOptions & { others: Others },
): Promise<Map<string, Found>> {
  const wanted = new Set(selected.map(keyOf))
  const found = new Map<string, Found>()
  const open = new Set<Found>()
  let recent: Message[] = []
  let names = 0
  for await (const batch of reader.batches()) {
    for (const message of batch) {
      if (message.authorName !== null && names++ < MOST_NAMES) others.learn(message.authorName)
      if (message.forward?.name !== undefined && names++ < MOST_NAMES) others.learn(message.forward.name)
      for (const one of open) {
        if (one.after.length < contextSize) one.after.push(message)
        else open.delete(one)
      }
      const key = placeKey(maskPath(message.raw.file), message.raw.start, message.raw.end)
      if (wanted.has(key)) {
        const one: Found = { message, before: recent, after: [] }
        found.set(key, one)
        open.add(one)
      }
      if (contextSize > 0) recent = [...recent.slice(1 - contextSize), message].slice(-contextSize)
    }
  }
  return found
}

/** By the place in the export: an id can be there twice. */
function keyOf({ match }: SelectedExhibit): string {
  return placeKey(match.raw.file, match.raw.start, match.raw.end)
}

function placeKey(file: string, start: number, end: number): string {
  return `${start} ${end} ${file}`
}

function neutral(message: Message, others: Others | null): NeutralMessage {
  return {
    kind: message.kind,
    authorName: message.authorName,
    text: others ? others.mask(message) : message.text,
    isMasked: others !== null,
    forwardedFrom: others ? null : (message.forward?.name ?? null),
    replyToId: others ? null : (message.replyTo?.id ?? null),
    editedAt: message.editedAt ? sentAt(message.editedAt) : null,
    attachments: message.attachments.map((one) => attachment(one, others !== null)),
  }
}

/** Of a withheld file nothing is told but that there was one. */
function attachment({ kind, state, fileName, sizeBytes, mime }: Attachment, isMasked: boolean) {
  const isTold = state !== 'withheld'
  return {
    kind,
    state,
    name: isTold && !isMasked ? (fileName ?? null) : null,
    sizeBytes: isTold ? (sizeBytes ?? null) : null,
    mime: isTold ? (mime ?? null) : null,
  }
}

function contextOf({ message, before, after }: Found, others: Others): ContextMessage[] {
  const near = [
    ...before.map((one, i) => ({ one, offset: i - before.length })),
    ...after.map((one, i) => ({ one, offset: i + 1 })),
  ]
  return near
    .filter(({ one }) => one.placeKey === message.placeKey)
    .map(({ one, offset }) => ({
      offset,
      author: one.authorKey === null ? null : others.pseudonym(one.authorKey),
      isSameAuthor: one.authorKey !== null && one.authorKey === message.authorKey,
      kind: one.kind,
      sentAt: sentAt(one.sentAt),
      text: others.mask(one),
      attachments: one.attachments.map(({ kind }) => kind),
    }))
}

function sentAt({ utcMs, local, precision }: Moment): SentAt {
  const utc = utcMs === null ? null : new Date(utcMs).toISOString().replace(/\.\d+Z$/, 'Z')
  return { utc, local, precision: utc === null && local === null ? null : precision }
}

function readOptions({ statedZone, nowMs, signal }: ReadMessagesOptions): ReadOptions {
  return {
    sha256: () => {
      const hash = createHash('sha256')
      return { update: (bytes) => void hash.update(bytes), hex: () => hash.digest('hex') }
    },
    nowMs,
    signal,
    ...(statedZone !== null && { statedZone }),
  }
}

import type { Match, MatchRule } from '#domain/index.ts'
import {
  type Attachment,
  type AttachmentState,
  type ChatReader,
  type ExtractOptions,
  extractIdentifiers,
  isHostilePath,
  type Message,
  PICTURE_MAGIC_BYTES,
  pictureTypeOf,
} from '#lib/chat/index.ts'
import { AppError } from '#lib/errors/index.ts'
import { BoundedTasks } from '#node/bounded-tasks.ts'
import type { BankMatcher } from '../bank-file/index.ts'
import type { DecodeMode, DecodePool } from '../decode/index.ts'
import type { LocalTree } from '../source/index.ts'
import { IdentifierLedger } from './identifier-ledger.ts'
import { NearbyIdentifiers } from './nearby-identifiers.ts'
import { isPictureAttachment } from './picture-attachments.ts'
import { PictureComparer } from './picture-comparer.ts'
import { isWithheld, pathKey, type Withheld } from './withhold.ts'

export interface ScanInput {
  tree: LocalTree
  reader: ChatReader
  matcher: BankMatcher
  pool: DecodePool
  mode: DecodeMode
  /** The pool was given no windows to search, as asked. */
  isWholeOnly: boolean
  withheld: Withheld
  signal: AbortSignal
  onPicture?: (compared: number) => void
}

export interface FoundMatch {
  match: Match<MatchRule>
  message: Message
  attachment: Attachment & { path: string }
  sha256: string
}

export interface UnreadablePicture {
  path: string
  messageId: string | null
  code: string
}

export interface ScanFindings {
  found: FoundMatch[]
  ledger: IdentifierLedger
  nearby: NearbyIdentifiers
  pictures: {
    compared: number
    tooPlain: number
    unreadable: number
    partlyRead: number
    notInExport: number
    withheld: number
    windowsCompared: number
    secondLooks: number
  }
  unreadable: UnreadablePicture[]
  /** Withheld attachments by the state the reader gave them. */
  withheldStates: Map<AttachmentState, number>
  /** How many messages name each file that is in the export. */
  named: Map<string, number>
  /** Every picture file that was read. */
  files: { path: string; sha256: string }[]
  slowTexts: number
  /** Files that no message names and that were not opened, because something is withheld. */
  unnamedLeft: number
  /** Windows were left out for speed, as asked. */
  isWholeOnly: boolean
  /** Processor time of the parts that are ours, milliseconds. */
  timing: { printMs: number; matchMs: number }
}

/** What the parts of one scan share. */
interface Work {
  findings: ScanFindings
  comparer: PictureComparer
  tasks: BoundedTasks
}

const MAX_UNREADABLE_LISTED = 10_000

/**
 * Reads the export once: every message is mined for identifiers, every picture in it is fingerprinted and compared with
 * the bank. Throws what the reader throws; a picture that cannot be read is noted and the rest goes on.
 */
export async function scanExport(input: ScanInput): Promise<ScanFindings> {
  const findings: ScanFindings = {
    found: [],
    ledger: new IdentifierLedger(),
    nearby: new NearbyIdentifiers(),
    pictures: {
      compared: 0,
      tooPlain: 0,
      unreadable: 0,
      partlyRead: 0,
      notInExport: 0,
      withheld: 0,
      windowsCompared: 0,
      secondLooks: 0,
    },
    unreadable: [],
    withheldStates: new Map(),
    named: new Map(),
    files: [],
    slowTexts: 0,
    unnamedLeft: 0,
    isWholeOnly: input.isWholeOnly,
    timing: { printMs: 0, matchMs: 0 },
  }
  const comparer = new PictureComparer(input)
  const work: Work = { findings, comparer, tasks: new BoundedTasks(input.pool.capacity + 2) }
  const options: ExtractOptions = { onWarning: () => findings.slowTexts++ }
  const withheldSeen = new Set<string>()
  for await (const batch of input.reader.batches()) {
    input.signal.throwIfAborted()
    for (const message of batch) {
      noteIdentifiers(findings, message, options)
      if (message.attachments.length > 0) await startPictures(input, work, message, withheldSeen)
    }
  }
  await startUnnamedPictures(input, work)
  await work.tasks.drain()
  findings.timing = comparer.timing
  for (const key of input.withheld.pathKeys) if (!withheldSeen.has(key)) findings.pictures.withheld++
  sortByPlaceInExport(findings)
  return findings
}

function noteIdentifiers(findings: ScanFindings, message: Message, options: ExtractOptions): void {
  const identifiers = extractIdentifiers(message, options)
  if (identifiers.length === 0) return
  for (const identifier of identifiers) findings.ledger.add(identifier, message.id)
  findings.nearby.mention(message.seq, message.id, identifiers)
}

async function startPictures(
  input: ScanInput,
  work: Work,
  message: Message,
  withheldSeen: Set<string>,
): Promise<void> {
  const { findings, tasks } = work
  for (const attachment of message.attachments) {
    const { path, state } = attachment
    if (isWithheld(input.withheld, message.id, path)) {
      findings.pictures.withheld++
      findings.withheldStates.set(state, (findings.withheldStates.get(state) ?? 0) + 1)
      if (path !== undefined) withheldSeen.add(pathKey(path))
    } else if (state === 'present' && path !== undefined) {
      input.signal.throwIfAborted()
      findings.named.set(path, (findings.named.get(path) ?? 0) + 1)
      if (!isPictureAttachment(attachment) && !(await isPictureFile(input.tree, path))) continue
      findings.nearby.picture(message.seq)
      await tasks.start(() => comparePicture(input, work, message, { ...attachment, path }))
    } else if (!isPictureAttachment(attachment)) continue
    else if (state === 'refused')
      noteUnreadable(findings, {
        path: path ?? '',
        messageId: message.id,
        code: isHostilePath(path ?? '') ? 'PATH_HOSTILE' : 'ENTRY_TYPE',
      })
    else findings.pictures.notInExport++
  }
}

/**
 * Pictures that no message names are compared too: a message that could not be read, or a kind of attachment that no reader
 * knows, must not keep a picture from being found.
 */
async function startUnnamedPictures(input: ScanInput, work: Work): Promise<void> {
  const { findings, tasks } = work
  let seq = Number.MAX_SAFE_INTEGER / 2
  // What no message names may be another copy or a preview of what must not be opened.
  const mayOpen = input.withheld.messageIds.size === 0 && input.withheld.pathKeys.size === 0
  const isChat = new Set(input.reader.summary().sources.map(({ path }) => path))
  for (const { path, sizeBytes } of await input.tree.files()) {
    if (findings.named.has(path) || isChat.has(path)) continue
    if (!mayOpen) {
      findings.unnamedLeft++
      continue
    }
    input.signal.throwIfAborted()
    if (!(await isPictureFile(input.tree, path))) continue
    const message = unnamedMessage(seq++, path, sizeBytes)
    await tasks.start(() => comparePicture(input, work, message, { kind: 'file', state: 'present', path }))
  }
}

function unnamedMessage(seq: number, path: string, sizeBytes: number): Message {
  return {
    seq,
    kind: 'unsupported',
    placeKey: '',
    id: null,
    sentAt: { utcMs: null, local: null, precision: 's', zone: 'unknown' },
    authorKey: null,
    authorName: null,
    text: '',
    entities: [],
    attachments: [],
    raw: { file: path, start: 0, end: sizeBytes },
  }
}

/** By content: names and types in an export are what somebody wrote there. */
async function isPictureFile(tree: LocalTree, path: string): Promise<boolean> {
  try {
    const source = await tree.open(path)
    return source !== null && pictureTypeOf(await source.slice(0, PICTURE_MAGIC_BYTES)) !== null
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return false
  }
}

async function comparePicture(
  { signal, onPicture }: ScanInput,
  { findings, comparer }: Work,
  message: Message,
  attachment: Attachment & { path: string },
): Promise<void> {
  if (signal.aborted) return
  const { path } = attachment
  const comparison = await comparer.compare(path)
  if (signal.aborted) return
  const { sha256, errorCode, matches } = comparison
  if (errorCode !== null) noteUnreadable(findings, { path, messageId: message.id, code: errorCode })
  if (sha256 === null) return
  findings.files.push({ path, sha256 })
  if (errorCode === null) {
    const { pictures } = findings
    pictures.compared++
    if (comparison.isPartial) pictures.partlyRead++
    if (comparison.isTooPlain) pictures.tooPlain++
    if (comparison.areWindowsCompared) pictures.windowsCompared++
    if (comparison.hasLookedTwice) pictures.secondLooks++
  }
  for (const match of matches) findings.found.push({ match, message, attachment, sha256 })
  onPicture?.(findings.pictures.compared)
}

function noteUnreadable(findings: ScanFindings, picture: UnreadablePicture): void {
  findings.pictures.unreadable++
  if (findings.unreadable.length < MAX_UNREADABLE_LISTED) findings.unreadable.push(picture)
}

/** Pictures end in any order; two scans of one export must give the same report. */
function sortByPlaceInExport({ found, files, unreadable }: ScanFindings): void {
  const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
  found.sort(
    (a, b) =>
      a.message.seq - b.message.seq ||
      byText(a.attachment.path, b.attachment.path) ||
      byText(a.match.entry, b.match.entry),
  )
  files.sort((a, b) => byText(a.path, b.path))
  unreadable.sort((a, b) => byText(a.path, b.path))
}

import {
  baseName,
  hasMediaEnding,
  isChatFileName,
  isInMediaFolder,
  isSystemFile,
  lookingRank,
} from './chat-file-name.ts'
import { ambiguous, fullAccount, notReadable, tooDeep, tooMany, unknown } from './detect-errors.ts'
import { ChatError } from './errors.ts'
import type { ChatFormat, ChatReader, ReadOptions, Source, SourceTree } from './model.ts'
import { namedAttachments } from './named-attachments.ts'
import { PICTURE_MAGIC_BYTES, pictureTypeOf, readPictures } from './pictures/index.ts'
import { pageNumber, readTelegramHtml } from './telegram-html/index.ts'
import { inspectTelegramJson, readTelegramJson } from './telegram-json/index.ts'
import { countHeaders, readWhatsappText } from './whatsapp/index.ts'

export interface Detection {
  format: ChatFormat
  /** `likely` when the content fits but leaves room for doubt: few lines, or nothing but pictures. */
  confidence: 'certain' | 'likely'
  /** What was found, for people: one sentence each. */
  reasons: string[]
  /** The files the messages are in, in reading order; for `pictures` those looked at first. */
  paths: string[]
}

/** `full-account` and `unreadable` are verdicts on a file as much as a chat is: none hides a chat in a folder above. */
interface Candidate extends Omit<Detection, 'format'> {
  format: ChatFormat | 'full-account' | 'unreadable'
  folder: string
}

interface ListedFile {
  path: string
  sizeBytes: number
}

const SNIFFED_BYTES = 64 * 1024
/** Chat files lie at the top or in one folder; so many of each level are looked into at most. */
const MOST_SNIFFED = 2000
const DEEPEST_CHAT = 1
const PICTURES_LOOKED_AT = 64
/** A chat is a few megabytes; all that are compared together are read so far at most. */
const MOST_COMPARED_BYTES = 64 * 1024 * 1024

/**
 * Finds out by content what was handed over; names order the looking and break ties. The level nearest the top that
 * holds a chat decides: what members posted lies in folders below it or, in WhatsApp exports, is named by the chat.
 *
 * Throws `ChatError`: `EXPORT_EMPTY`, `FORMAT_UNKNOWN` (with what is accepted; also when a file named like a chat cannot
 * be read, or there were too many files to look into), `FORMAT_AMBIGUOUS` (two chats at once), `TG_FULL_ACCOUNT` (no
 * value of it is kept).
 */
export async function detectChat(tree: SourceTree): Promise<Detection> {
  const files = (await tree.files()).filter((file) => !isSystemFile(file.path))
  const refused = tree.refused.filter((file) => file.code === 'ENTRY_TYPE' && !isSystemFile(file.path))
  const hidden = refused.map((file) => file.path).filter(isChatFileName)
  if (files.length === 0 && hidden.length === 0) {
    throw new ChatError('EXPORT_EMPTY', 'There is no file in what was handed over.')
  }
  for (let depth = 0; depth <= DEEPEST_CHAT; depth++) {
    const isHere = (path: string) => path.split('/').length === depth + 1
    const level = files.filter((file) => isHere(file.path))
    const chosen = await chooseChat(tree, level, hidden.filter(isHere))
    if (chosen) return chosen
  }
  const deeper = [...files.map((file) => file.path).filter(isChatFileName), ...hidden][0]
  if (deeper !== undefined) throw tooDeep(deeper)
  const pictures = await findPictures(tree, files)
  if (!pictures) throw unknown()
  return pictures
}

/** Detects the format and opens its reader. Throws as `detectChat` does. */
export async function openChat(tree: SourceTree, options: ReadOptions): Promise<ChatReader> {
  const { format, paths } = await detectChat(tree)
  if (format === 'pictures') return readPictures(tree, options)
  const sources = await Promise.all(paths.map((path) => openPresent(tree, path)))
  const first = sources[0]
  if (!first) throw unknown()
  if (format === 'telegram-html') return readTelegramHtml(tree, sources, options)
  return format === 'telegram-json'
    ? readTelegramJson(tree, first, options)
    : readWhatsappText(tree, first, options)
}

async function openPresent(tree: SourceTree, path: string): Promise<Source> {
  const source = await tree.open(path)
  if (source) return source
  throw new ChatError('EXPORT_EMPTY', `${JSON.stringify(path)} was there and now is not.`)
}

/** The one chat among the files of a level; null when there is none. */
async function chooseChat(
  tree: SourceTree,
  level: readonly ListedFile[],
  hidden: readonly string[],
): Promise<Detection | null> {
  const documents = level.filter((file) => !hasMediaEnding(file.path))
  const isCutOff = documents.length > MOST_SNIFFED
  const found = await sniffAll(tree, documents)
  const all = joinPages([...found, ...hidden.map(unreadable)])
  // Media names are many, and a chat under one is rare: looking at some of them is enough.
  if (all.length === 0 && !isCutOff) {
    const media = level.filter((file) => hasMediaEnding(file.path))
    all.push(...joinPages(await sniffAll(tree, media)))
  }
  const only = await chooseCandidate(tree, all)
  if (isCutOff && !only?.paths.some(isChatFileName)) throw tooMany(MOST_SNIFFED)
  if (!only) return null
  const { format, confidence, reasons, paths } = only
  if (format === 'full-account') throw fullAccount()
  if (format === 'unreadable') throw notReadable(paths[0] ?? '')
  return { format, confidence, reasons, paths }
}

async function sniffAll(tree: SourceTree, files: readonly ListedFile[]): Promise<Candidate[]> {
  const found: Candidate[] = []
  const ordered = [...files].sort((a, b) => lookingRank(a.path) - lookingRank(b.path))
  for (const { path, sizeBytes } of ordered.slice(0, MOST_SNIFFED)) {
    const source = sizeBytes > 0 ? await tree.open(path) : null
    const verdict = source ? await sniff(source) : null
    if (verdict) found.push(verdict)
    else if (isChatFileName(path)) found.push(unreadable(path))
  }
  return found
}

/** Pages of one export lie in one folder, and a page that cannot be read is one of them; with JSON they say less. */
function joinPages(candidates: readonly Candidate[]): Candidate[] {
  const isPage = (one: Candidate) =>
    one.format === 'telegram-html' ||
    (one.format === 'unreadable' && one.paths.some((path) => path.toLowerCase().endsWith('.html')))
  const all = candidates.filter((one) => !isPage(one))
  const json = new Set(all.filter((one) => one.format === 'telegram-json').map((one) => one.folder))
  const byFolder = new Map<string, Candidate[]>()
  for (const page of candidates.filter(isPage)) {
    if (!json.has(page.folder)) byFolder.set(page.folder, [...(byFolder.get(page.folder) ?? []), page])
  }
  for (const pages of byFolder.values()) {
    const first = pages.find((page) => page.format === 'telegram-html') ?? pages[0]
    const paths = pages.flatMap((page) => page.paths).sort((a, b) => pageNumber(a) - pageNumber(b))
    if (first) all.push({ ...first, paths })
  }
  return all
}

/** Null when there is no candidate; throws when there is more than one and nothing sets one apart. */
async function chooseCandidate(tree: SourceTree, all: readonly Candidate[]): Promise<Candidate | null> {
  const outside = all.filter((one) => !one.paths.every(isInMediaFolder))
  const candidates = outside.length > 0 ? outside : all
  const folders = new Set(candidates.map((one) => one.folder))
  const left: Candidate[] = []
  for (const folder of folders) {
    left.push(
      ...(await dropPosted(
        tree,
        candidates.filter((one) => one.folder === folder),
      )),
    )
  }
  if (left.length <= 1) return left[0] ?? null
  const verdict =
    left.find((one) => one.format === 'full-account') ?? left.find((one) => one.format === 'unreadable')
  if (verdict) return verdict
  throw ambiguous(left)
}

/**
 * WhatsApp puts the chat and what was posted in it into one folder. The chat is the one that no other names as an
 * attachment; where a posted file names the chat in turn, its name decides.
 */
async function dropPosted(tree: SourceTree, together: readonly Candidate[]): Promise<readonly Candidate[]> {
  if (together.length <= 1 || !together.some((one) => one.format === 'whatsapp-text')) return together
  const posted = await postedPaths(tree, together)
  const isNamed = (one: Candidate) => one.format === 'whatsapp-text' && one.paths.some(isChatFileName)
  const own = together.filter((one) => !one.paths.every((path) => posted.has(path)))
  // A posted file may name the chat without being named by it: then content and name disagree, and neither decides.
  if (own.length === 1) return own.some(isNamed) || !together.some(isNamed) ? own : together
  const rivals = own.length > 0 ? own : together
  const named = rivals.filter((one) => one.paths.some(isChatFileName))
  return named.length === 1 && named.every(isNamed) ? named : rivals
}

async function postedPaths(tree: SourceTree, together: readonly Candidate[]): Promise<Set<string>> {
  const folder = together[0]?.folder ?? ''
  const names = new Set(together.flatMap((one) => one.paths.map(baseName)))
  const posted = new Set<string>()
  let leftBytes = MOST_COMPARED_BYTES
  for (const { format, paths } of together) {
    const path = paths[0]
    const source = format === 'whatsapp-text' && path !== undefined ? await tree.open(path) : null
    if (!source) continue
    for (const name of await namedAttachments(source, names, leftBytes)) {
      if (folder + name !== path) posted.add(folder + name)
    }
    leftBytes -= Math.min(leftBytes, source.sizeBytes)
  }
  return posted
}

async function sniff(source: Source): Promise<Candidate | null> {
  const start = await source.slice(0, Math.min(PICTURE_MAGIC_BYTES, source.sizeBytes))
  if (pictureTypeOf(start)) return null
  const bytes = await source.slice(0, Math.min(SNIFFED_BYTES, source.sizeBytes))
  const text = new TextDecoder('utf-8').decode(bytes)
  const kind = /^\s*([{<])/.exec(text)?.[1]
  if (kind === '{') return await sniffJson(source)
  if (kind === '<') return sniffHtml(source, text)
  return sniffWhatsapp(source, text)
}

async function sniffJson(source: Source): Promise<Candidate | null> {
  const kind = await inspectTelegramJson(source)
  if (kind === 'full-account') return candidate('full-account', 'certain', '', source.path)
  if (kind === null) return null
  const reason = `${JSON.stringify(source.path)} has the keys of a Telegram chat export.`
  return candidate('telegram-json', 'certain', reason, source.path)
}

function sniffHtml(source: Source, text: string): Candidate | null {
  if (/<div class="personal_info\b/.test(text) || /href="lists\/chats\.html/.test(text)) {
    return candidate('full-account', 'certain', '', source.path)
  }
  const isPage = /class="page_body chat_page"|<div class="history">/.test(text)
  const hasMessage = /<div class="message (?:default|service)/.test(text)
  if (!isPage && !hasMessage) return null
  const reason = `${JSON.stringify(source.path)} is a page of a Telegram HTML export.`
  return candidate('telegram-html', isPage && hasMessage ? 'certain' : 'likely', reason, source.path)
}

function sniffWhatsapp(source: Source, text: string): Candidate | null {
  const lines = text
    .slice(0, SNIFFED_BYTES)
    .split('\n')
    .filter((line) => line.trim() !== '')
  // The last line may be cut.
  if (source.sizeBytes > SNIFFED_BYTES) lines.pop()
  const count = countHeaders(lines)
  const isFirst = countHeaders(lines.slice(0, 1)) === 1
  if (count === 0 || (!isFirst && (count < 3 || count < lines.length / 10))) return null
  const reason = `${count} of the first ${lines.length} lines of ${JSON.stringify(source.path)} begin like WhatsApp messages.`
  return candidate('whatsapp-text', isFirst && count >= 3 ? 'certain' : 'likely', reason, source.path)
}

function candidate(
  format: Candidate['format'],
  confidence: Detection['confidence'],
  reason: string,
  path: string,
): Candidate {
  const folder = path.slice(0, path.lastIndexOf('/') + 1)
  return { format, confidence, reasons: [reason], paths: [path], folder }
}

function unreadable(path: string): Candidate {
  return candidate('unreadable', 'likely', '', path)
}

async function findPictures(tree: SourceTree, files: readonly ListedFile[]): Promise<Detection | null> {
  const byName = files.filter((file) => hasMediaEnding(file.path))
  const others = files.filter((file) => !hasMediaEnding(file.path))
  const paths: string[] = []
  for (const { path } of [...byName, ...others].slice(0, PICTURES_LOOKED_AT)) {
    const source = await tree.open(path)
    if (source && pictureTypeOf(await source.slice(0, Math.min(PICTURE_MAGIC_BYTES, source.sizeBytes)))) {
      paths.push(path)
    }
  }
  if (paths.length === 0) return null
  const reasons = [`There is no chat, but ${paths.length} or more files are pictures.`]
  return { format: 'pictures', confidence: 'likely', reasons, paths }
}

import { ChatError } from './errors.ts'
import type { ChatFormat, ChatReader, ReadOptions, Source, SourceTree } from './model.ts'
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

interface Candidate extends Detection {
  folder: string
}

const SNIFFED_BYTES = 64 * 1024
/** Chat files lie at the top or in one folder; so many of them are looked into at most. */
const MOST_SNIFFED = 2000
const PICTURES_LOOKED_AT = 64
/** Only the order of looking depends on names: these are looked at last. */
const MEDIA_ENDINGS =
  /\.(jpe?g|png|webp|gif|avif|hei[cf]|tiff?|mp4|mov|3gp|opus|ogg|m4a|mp3|tgs|vcf|pdf|css|js)$/i

/**
 * Finds out by content, not by name, what was handed over. Throws `ChatError`: `EXPORT_EMPTY`, `FORMAT_UNKNOWN` (with
 * what is accepted), `FORMAT_AMBIGUOUS` (two chats at once), `TG_FULL_ACCOUNT` (no value of it is kept).
 */
export async function detectChat(tree: SourceTree): Promise<Detection> {
  const files = (await tree.files()).filter((file) => !isSystemFile(file.path))
  if (files.length === 0) {
    throw new ChatError('EXPORT_EMPTY', 'There is no file in what was handed over.')
  }
  const candidates = await findChats(tree, files)
  const chosen = preferJson(candidates)
  if (chosen.length > 1) throw ambiguous(chosen)
  const only = chosen[0] ?? (await findPictures(tree, files))
  if (!only) throw unknown()
  const { format, confidence, reasons, paths } = only
  return { format, confidence, reasons, paths }
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

async function findChats(
  tree: SourceTree,
  files: readonly { path: string; sizeBytes: number }[],
): Promise<Candidate[]> {
  const near = files.filter((file) => file.sizeBytes > 0 && file.path.split('/').length <= 2)
  const candidates = await sniffAll(
    tree,
    near.filter((file) => !MEDIA_ENDINGS.test(file.path)),
  )
  if (candidates.length > 0) return candidates
  return await sniffAll(
    tree,
    near.filter((file) => MEDIA_ENDINGS.test(file.path)),
  )
}

async function sniffAll(tree: SourceTree, files: readonly { path: string }[]): Promise<Candidate[]> {
  const found = new Map<string, Candidate>()
  for (const { path } of files.slice(0, MOST_SNIFFED)) {
    const source = await tree.open(path)
    const candidate = source ? await sniff(source) : null
    if (!candidate) continue
    // Pages of one export lie in one folder; two chats of another kind never share a file.
    const key = candidate.format === 'telegram-html' ? `html:${candidate.folder}` : path
    const known = found.get(key)
    if (known) known.paths.push(path)
    else found.set(key, candidate)
  }
  const all = [...found.values()]
  for (const candidate of all) candidate.paths.sort((a, b) => pageNumber(a) - pageNumber(b))
  return all
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
  if (kind === 'full-account') throw fullAccount()
  if (kind === null) return null
  const reason = `${JSON.stringify(source.path)} has the keys of a Telegram chat export.`
  return candidate('telegram-json', 'certain', reason, source)
}

function sniffHtml(source: Source, text: string): Candidate | null {
  if (/<div class="personal_info\b/.test(text) || /href="lists\/chats\.html/.test(text)) throw fullAccount()
  const isPage = /class="page_body chat_page"|<div class="history">/.test(text)
  const hasMessage = /<div class="message (?:default|service)/.test(text)
  if (!isPage && !hasMessage) return null
  const reason = `${JSON.stringify(source.path)} is a page of a Telegram HTML export.`
  return candidate('telegram-html', isPage && hasMessage ? 'certain' : 'likely', reason, source)
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
  return candidate('whatsapp-text', isFirst && count >= 3 ? 'certain' : 'likely', reason, source)
}

function candidate(
  format: ChatFormat,
  confidence: Detection['confidence'],
  reason: string,
  source: Source,
): Candidate {
  const folder = source.path.slice(0, source.path.lastIndexOf('/') + 1)
  return { format, confidence, reasons: [reason], paths: [source.path], folder }
}

/** Telegram can write one export in both forms at once; the JSON says more. */
function preferJson(candidates: readonly Candidate[]): Candidate[] {
  const folders = new Set(candidates.filter((one) => one.format === 'telegram-json').map((one) => one.folder))
  return candidates.filter((one) => one.format !== 'telegram-html' || !folders.has(one.folder))
}

async function findPictures(
  tree: SourceTree,
  files: readonly { path: string; sizeBytes: number }[],
): Promise<Candidate | null> {
  const byName = files.filter((file) => MEDIA_ENDINGS.test(file.path))
  const others = files.filter((file) => !MEDIA_ENDINGS.test(file.path))
  const paths: string[] = []
  for (const { path } of [...byName, ...others].slice(0, PICTURES_LOOKED_AT)) {
    const source = await tree.open(path)
    if (source && pictureTypeOf(await source.slice(0, Math.min(PICTURE_MAGIC_BYTES, source.sizeBytes)))) {
      paths.push(path)
    }
  }
  if (paths.length === 0) return null
  const reasons = [`There is no chat, but ${paths.length} or more files are pictures.`]
  return { format: 'pictures', confidence: 'likely', reasons, paths, folder: '' }
}

/** What operating systems leave in folders and archives. */
function isSystemFile(path: string): boolean {
  return /(?:^|\/)(?:__MACOSX\/|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$)/.test(path)
}

const ACCEPTED =
  'Accepted are: a Telegram Desktop export of one chat (result.json or messages.html with its folders), a WhatsApp chat (the .txt file or the .zip), or a folder of pictures.'

function unknown(): ChatError {
  return new ChatError('FORMAT_UNKNOWN', `This is no chat export that can be read here. ${ACCEPTED}`)
}

function ambiguous(candidates: readonly Candidate[]): ChatError {
  const paths = candidates.map((one) => JSON.stringify(one.paths[0])).slice(0, 10)
  return new ChatError(
    'FORMAT_AMBIGUOUS',
    `There is more than one chat here: ${paths.join(', ')}. Nothing was read. Hand over one of them at a time.`,
  )
}

function fullAccount(): ChatError {
  return new ChatError(
    'TG_FULL_ACCOUNT',
    'This is an export of a whole Telegram account, with contacts and every private chat. It was not read. To export one chat: open the chat in Telegram Desktop, choose ⋮ and "Export chat history", format JSON.',
  )
}

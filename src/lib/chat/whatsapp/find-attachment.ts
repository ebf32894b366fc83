import type { AttachmentKind } from '../model.ts'
import {
  ATTACHED_LABELS,
  ATTACHED_PHRASES,
  kindOfFileName,
  OMITTED_KINDS,
  OMITTED_PHRASES,
} from './attachment-phrases.ts'

/** What the first line of a message says about a file. `text` is that line without it. */
export interface FoundAttachment {
  kind: AttachmentKind
  /** Null when the export was made without media. */
  fileName: string | null
  text: string
}

const LONGEST_NAME = 300
const MARKS = /[\u200e\u200f\u202a-\u202e]/g
/** `-` and digits as the applications name files themselves: known whatever language stands beside. */
const OWN_ANDROID_NAME = /^[A-Z]{3}-\d{8}-WA\d{4,}\.[a-z0-9]{2,5}$/
const OWN_IOS_NAME = /^\d{8}-[A-Z]{3,8}-\d{4}-\d{2}-\d{2}-\d{2}-\d{2}-\d{2}\.[a-z0-9]{2,5}$/

/** Finds the attachment of a message in its first line, or null. */
export function findAttachment(line: string): FoundAttachment | null {
  return attachedIos(line) ?? attachedAndroid(line) ?? omitted(line)
}

/** True for `<some words>` alone on the line, in no table: perhaps `<Media omitted>` of a language not known here. */
export function looksLikeOmitted(line: string): boolean {
  return line.length <= 60 && /^<\p{L}[\p{L}\p{M}]*(?: [\p{L}\p{M}]+)+>$/u.test(line.replace(MARKS, ''))
}

function attachedIos(line: string): FoundAttachment | null {
  const start = line.lastIndexOf('<')
  if (start < 0 || !line.endsWith('>') || line.length - start > LONGEST_NAME) return null
  const parts = /^<([^:：<>]{1,40}?)\s?[:：]\s?([^<>]+)>$/.exec(line.slice(start))
  const fileName = parts?.[2]?.replace(MARKS, '')
  if (!parts?.[1] || !fileName) return null
  if (!ATTACHED_LABELS.has(fold(parts[1])) && !OWN_IOS_NAME.test(fileName)) return null
  return { kind: kindOfFileName(fileName), fileName, text: line.slice(0, start).replace(/[\s\u200e]+$/, '') }
}

function attachedAndroid(line: string): FoundAttachment | null {
  if (!line.endsWith(')') || line.length > LONGEST_NAME) return null
  const start = line.lastIndexOf(' (')
  if (start <= 0) return null
  const fileName = line.slice(0, start).replace(MARKS, '')
  const isKnown = ATTACHED_PHRASES.has(fold(line.slice(start + 2, -1)))
  if (!isKnown && !OWN_ANDROID_NAME.test(fileName)) return null
  return /\.\w{1,8}$/.test(fileName) ? { kind: kindOfFileName(fileName), fileName, text: '' } : null
}

function omitted(line: string): FoundAttachment | null {
  if (line.length > LONGEST_NAME) return null
  const words = fold(line)
  if (words.startsWith('<') && words.endsWith('>') && OMITTED_PHRASES.has(words.slice(1, -1))) {
    return { kind: 'file', fileName: null, text: '' }
  }
  if (Object.hasOwn(OMITTED_KINDS, words)) {
    return { kind: OMITTED_KINDS[words] ?? 'file', fileName: null, text: '' }
  }
  // iOS puts a document's name in front: `report.pdf • 2 pages document omitted`.
  return /\.\w{1,8} • .{0,40}document omitted$/.test(words)
    ? { kind: 'file', fileName: null, text: line }
    : null
}

function fold(words: string): string {
  return words.replace(MARKS, '').trim().toLowerCase()
}

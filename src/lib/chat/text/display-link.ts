import type { Link } from './link.ts'
import { readPhone } from './phone-number.ts'

const MAX_LENGTH = 240
const HIDDEN_MARK = /[\p{Cf}\p{Cc}]/gu
/** Digits of a phone number in a path or query, however escaped. */
const NUMBER = /(?:\+|%2B)?\d(?:[-. ()]|%20|%2D)?(?:\d(?:[-. ()]|%20|%2D)?){5,13}\d/gi
const ESCAPED_DIGIT = /%3([0-9])/g

/**
 * A link for people to read: nobody can follow it by accident, no program makes it a link again. Dots become `[.]`,
 * `://` becomes `[:]//`, other scripts punycode and percent escapes, phone numbers are masked, and invisible or bidi
 * marks that stood in it are named at the end. Only ASCII, `•` and `…`; at most some 300 characters.
 */
export function displayLink(link: Link): string {
  const { scheme, rest } = splitPlain(link)
  const shown = `${scheme}${maskNumbers(escapeOther(rest), link)}`
  const text = shown.length > MAX_LENGTH ? `${shown.slice(0, MAX_LENGTH)}…` : shown
  const marks = [...new Set(link.raw.match(HIDDEN_MARK) ?? [])].slice(0, 5).map(codePointName)
  return `${text.replaceAll('.', '[.]')}${marks.length === 0 ? '' : ` (hidden marks: ${marks.join(', ')})`}`
}

/** The form for reports and stored records: enough to tell two links apart, not enough to follow one. */
export function maskLink(link: Link): string {
  const shown = displayLink({ ...link, raw: '' })
  const slash =
    shown.startsWith('tg[:]') || shown.startsWith('whatsapp[:]') ? shown.indexOf('?') : shown.indexOf('/')
  if (slash === -1 || slash === shown.length - 1) return shown
  return `${shown.slice(0, slash + 1)}${shown.slice(slash + 1, slash + 1 + visibleLength(shown.length - slash - 1))}…`
}

function visibleLength(length: number): number {
  return Math.min(3, Math.floor(length / 3))
}

function splitPlain(link: Link): { scheme: string; rest: string } {
  const match = /^(?:([a-z][a-z0-9+.-]*):)?(?:\/\/)?/i.exec(link.plain)
  if (link.host === '') {
    const name = match?.[1]?.toLowerCase() ?? ''
    return { scheme: `${name}[:]//`, rest: link.plain.slice(match?.[0].length ?? 0) }
  }
  const afterScheme = link.plain.replace(/^(?:https?|ftp):\/\//i, '')
  const authority = /^[^/?#\\]*/.exec(afterScheme)?.[0] ?? ''
  return { scheme: link.host, rest: afterScheme.slice(authority.length) }
}

function escapeOther(text: string): string {
  return text
    .replace(/[^\x21-\x7e]/gu, (character) => {
      try {
        return encodeURIComponent(character)
      } catch {
        return '%EF%BF%BD'
      }
    })
    .replace(ESCAPED_DIGIT, '$1')
}

function maskNumbers(text: string, link: Link): string {
  const isMessageLink = link.kind === 'post' || link.kind === 'private-post'
  return text.replace(NUMBER, (found, offset: number) => {
    const isId = isMessageLink && text[offset - 1] === '/' && /^\d+$/.test(found)
    if (isId) return found
    const digits = found
      .replace(/%2[0D]/gi, '')
      .replace(/%2B/i, '+')
      .replace(/[^+0-9]/g, '')
    const number = readPhone(link.kind === 'phone' && /^[1-9]/.test(digits) ? `+${digits}` : digits)
    if (link.kind === 'phone') return number?.masked ?? '•••••••'
    return number?.isValid === true && /^(?:\+|0|60)/.test(digits) ? number.masked : found
  })
}

function codePointName(mark: string): string {
  return `U+${(mark.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}

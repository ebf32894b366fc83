import { LinkifyIt } from 'linkify-it'
import { normaliseCharacters } from './characters.ts'
import { refang } from './defang.ts'
import type { Link } from './link.ts'
import { composeMaps, type Mapped, originalRange, type TextRange } from './mapped.ts'
import { readLink } from './parse-link.ts'

export interface FoundLink extends Link {
  /** UTF-16 offsets into the text as it was. */
  start: number
  end: number
}

export interface FoundEmail {
  start: number
  end: number
  /** Lower case. */
  email: string
}

export interface LinksAndEmails {
  links: FoundLink[]
  emails: FoundEmail[]
  /** True when there was more to look at than one text may cost. */
  isCut: boolean
}

const MAX_TOKENS = 4000
const MAX_TOKEN_LENGTH = 2048
/** Endings beyond those linkify-it knows that groups and file hosts use. */
const MORE_ENDINGS = (
  'app bid cam cfd chat click cloud club dev dog download fun games group icu link live lol media moe ninja one onion ' +
  'online page party photo photos pics rocks sbs site social space store stream tech to top video vip website world xyz'
).split(' ')
const WORTH_A_LOOK = /[\p{L}\p{N}_-]\.[\p{L}]|:\/\/|(?:tg|whatsapp):|@/iu
const PLAIN_TOKEN =
  /^(https?:\/\/)?(?:[a-z0-9][a-z0-9-]{0,62}\.){1,8}[a-z]{2,24}(?:\/(?:[a-z0-9_+/=&%-]|[?.](?=[a-z0-9_])){0,1000}(?<=[a-z0-9_/=]))?$/i
const UNDERSCORED_HOST = /(?<![a-z0-9_])[a-z0-9_]{4,32}(?=\.t\.me(?![a-z0-9_]))/gi
const APPLICATION_TAIL = /^(?:\/\/)?[a-z_]{2,32}\/?(?:\?[^\s<>"`|]{0,2000}[a-z0-9_=%-])?/i
const COLON = 0x3a
/** Up to a colon, and no scheme with an address of its own behind it. */
const LABEL = /^(?!(?:tg|whatsapp|mailto):)[^./@:]{0,40}:$/i
/** From here on scripts do not use spaces between a word and a link, or cannot be mistaken for Latin letters. */
const FIRST_UNMISTAKABLE = 0x0900

let linkifier: LinkifyIt | null = null

/**
 * Every link in a text, in order: with or without scheme, `tg:` addresses, disguised ones, in full-width letters,
 * glued to Chinese or Tamil words. `raw` is exactly `text.slice(start, end)`. Links are listed, never opened.
 */
export function findLinks(text: string): FoundLink[] {
  return findLinksAndEmails(text, normaliseCharacters(text)).links
}

/** As `findLinks`, with mail addresses; `characters` is the text after step 4 of normalisation. */
export function findLinksAndEmails(text: string, characters: Mapped): LinksAndEmails {
  const work = composeMaps(characters, refang(characters.text))
  const found: LinksAndEmails = { links: [], emails: [], isCut: false }
  let tokens = 0
  for (const [start, end] of tokensWorthALook(work.text)) {
    for (const [from, to] of splitToken(work.text, start, end)) {
      if (tokens++ >= MAX_TOKENS) return { ...found, isCut: true }
      if (to - from > MAX_TOKEN_LENGTH) found.isCut = true
      readToken(text, work, from, Math.min(to, from + MAX_TOKEN_LENGTH), found)
    }
  }
  return found
}

/** Stretches without white space, quotes or angle brackets that hold a dot, colon or `@` with something on both sides. */
function tokensWorthALook(text: string): [number, number][] {
  const tokens: [number, number][] = []
  let start = 0
  let isWorth = false
  for (let i = 0; i <= text.length; i++) {
    const code = i === text.length ? 0x20 : text.charCodeAt(i)
    if (isDelimiter(code)) {
      if (isWorth) tokens.push([start, i])
      start = i + 1
      isWorth = false
    } else if ((code === 0x2e || code === 0x3a || code === 0x40) && i > start && i + 1 < text.length)
      isWorth = true
  }
  return tokens
}

function isDelimiter(code: number): boolean {
  if (code <= 0x20) return true
  if (code < 0x80) return code === 0x22 || code === 0x3c || code === 0x3e || code === 0x60 || code === 0x7c
  return code === 0xa0 || code === 0x2028 || code === 0x2029 || code === 0x3000
}

/**
 * Cuts where a word of an unmistakably other script runs into Latin letters, and after the colon of a label
 * (`link:t.me/name`), which linkify-it would take for a scheme.
 */
function splitToken(text: string, start: number, end: number): [number, number][] {
  const parts: [number, number][] = []
  let from = start
  for (let i = start + 1; i < end; i++) {
    const before = text.charCodeAt(i - 1)
    const isOtherScript = before >= FIRST_UNMISTAKABLE && /[A-Za-z0-9]/.test(text.charAt(i))
    const isLabel = before === COLON && /[A-Za-z]/.test(text.charAt(i)) && LABEL.test(text.slice(from, i))
    if (isOtherScript || isLabel) {
      parts.push([from, i])
      from = i
    }
  }
  parts.push([from, end])
  return parts
}

function readToken(text: string, work: Mapped, start: number, end: number, found: LinksAndEmails): void {
  const token = work.text.slice(start, end)
  const plainLink = readPlainToken(token)
  if (plainLink !== null) {
    const range = originalRange(text, work, start, end)
    found.links.push(placed(plainLink, text, range))
    return
  }
  if (!WORTH_A_LOOK.test(token)) return
  for (const match of linkify().match(withoutUnderscores(token)) ?? []) {
    const from = start + match.index
    const written = work.text.slice(from, start + match.lastIndex)
    if (match.schema === 'mailto:') {
      const range = originalRange(text, work, from, from + written.length)
      found.emails.push({ ...range, email: written.replace(/^mailto:/i, '').toLowerCase() })
    } else {
      const plain = withoutGluedWord(written)
      const range = originalRange(text, work, from, from + plain.length)
      const link = readLink(plain, plain)
      if (link !== null) found.links.push(placed(link, text, range))
    }
  }
}

function placed(link: Link, text: string, range: TextRange): FoundLink {
  const { kind, platform, plain, target, host, post } = link
  const { start, end } = range
  return { kind, platform, raw: text.slice(start, end), plain, target, host, post, start, end }
}

/**
 * A token that is a link from end to end beyond doubt, which spares the search: ASCII without brackets or punctuation
 * at its end, with a web scheme or on a host that has its own grammar.
 */
function readPlainToken(token: string): Link | null {
  const match = PLAIN_TOKEN.exec(token)
  if (match === null) return null
  const link = readLink(token, token)
  return link !== null && (match[1] !== undefined || link.kind !== 'other') ? link : null
}

/** Names as host labels (`test_name.t.me`) may hold underscores, which linkify-it does not know in hosts. */
function withoutUnderscores(token: string): string {
  if (!token.includes('_') || !UNDERSCORED_HOST.test(token)) return token
  return token.replace(UNDERSCORED_HOST, (name) => name.replaceAll('_', '-'))
}

/** `t.me/name` with a Chinese word right after it: platforms and file hosts use ASCII paths, so the word is not part of it. */
function withoutGluedWord(plain: string): string {
  let cut = -1
  for (let i = 0; i < plain.length && cut === -1; i++) {
    if (plain.charCodeAt(i) >= FIRST_UNMISTAKABLE) cut = i
  }
  if (cut <= 0) return plain
  const ascii = plain.slice(0, cut)
  const link = readLink(ascii, ascii)
  return link !== null && link.kind !== 'other' ? ascii : plain
}

function linkify(): LinkifyIt {
  if (linkifier !== null) return linkifier
  const application = {
    validate: (text: string, position: number) =>
      APPLICATION_TAIL.exec(text.slice(position, position + MAX_TOKEN_LENGTH))?.[0].length ?? 0,
  }
  linkifier = new LinkifyIt({ fuzzyLink: true, urlAuth: true, maxLength: MAX_TOKEN_LENGTH })
    .tlds(MORE_ENDINGS, true)
    .add('//', null)
    .add('tg:', application)
    .add('whatsapp:', application)
  return linkifier
}

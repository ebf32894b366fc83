import { type AddressParts, queryValue } from './address-parts.ts'
import { type Reading, reading } from './link.ts'

/** Hosts of Telegram's links (core.telegram.org/api/links). */
const HOSTS = new Set([
  't.me',
  'www.t.me',
  'telegram.me',
  'www.telegram.me',
  'telegram.dog',
  'www.telegram.dog',
])
const RESERVED = new Set(
  (
    'addemoji addlist addstickers addtheme auction bg boost call c confirmphone contact giftcode invoice iv ' +
    'joinchat login m msg nft proxy s setlanguage share socks stickers'
  ).split(' '),
)
/** First labels of t.me hosts that are Telegram's own and nobody's name. */
const OWN_LABELS = new Set(['www', 'web', 'core', 'desktop', 'macos', 'static'])
const NAME = /^[a-z][a-z0-9_]{3,31}$/i
const ID = /^\d{1,20}$/
const HASH = /^[A-Za-z0-9_-]{5,64}$/
const PHONE = /^\d{5,15}$/

/** Reads a Telegram link; null when the address is not Telegram's or does not fit the grammar. */
export function readTelegramLink(parts: AddressParts): Reading | null {
  if (parts.scheme === 'tg') return readScheme(parts)
  if (HOSTS.has(parts.host)) return readPath(parts.segments)
  const label = parts.host.endsWith('.t.me') ? parts.host.slice(0, -'.t.me'.length) : ''
  if (!NAME.test(label) || OWN_LABELS.has(label) || RESERVED.has(label)) return null
  return readName(label, parts.segments)
}

function readPath(segments: readonly string[]): Reading | null {
  const [first = '', ...rest] = segments
  const word = first.toLowerCase()
  if (first.startsWith('+')) return readPlus(first.slice(1))
  if (word === 'joinchat') return readInvite(rest[0] ?? '')
  if (word === 'addlist') return readFolder(rest[0] ?? '')
  if (word === 'c') return readPrivate(rest)
  if (word === 's' && NAME.test(rest[0] ?? '')) return readPreview(rest)
  if (RESERVED.has(word)) return reserved(word)
  return NAME.test(first) ? readName(first, rest) : null
}

/** Between 5 and 15 digits after the plus are a phone number; anything else is an invitation. */
function readPlus(tail: string): Reading | null {
  return PHONE.test(tail) ? phone(tail) : readInvite(tail)
}

function readInvite(hash: string): Reading | null {
  const bare = hash.replace(/^\+/, '')
  return HASH.test(bare) ? reading('invite', 'telegram', `tg:invite:${bare}`) : null
}

function readFolder(slug: string): Reading | null {
  return HASH.test(slug) ? reading('folder', 'telegram', `tg:folder:${slug}`) : null
}

function readPrivate([channel = '', ...ids]: readonly string[]): Reading | null {
  if (!ID.test(channel) || ids.length > 2 || !ids.every((id) => ID.test(id))) return null
  return reading('private-post', 'telegram', `tg:channel:${channel}`, ids.at(-1) ?? null)
}

function readPreview([name = '', ...rest]: readonly string[]): Reading | null {
  const named = readName(name, rest)
  return named === null ? null : reading('post', 'telegram', named.target, named.post)
}

function readName(name: string, ids: readonly string[]): Reading | null {
  const target = `tg:@${name.toLowerCase()}`
  if (ids.length === 0) return reading('username', 'telegram', target)
  if (ids.length > 2 || !ids.every((id) => ID.test(id))) return null
  return reading('post', 'telegram', target, ids.at(-1) ?? null)
}

function readScheme(parts: AddressParts): Reading | null {
  const word = (parts.segments[0] ?? '').toLowerCase()
  const field = (name: string): string => queryValue(parts.query, name) ?? ''
  if (word === 'resolve') return readResolve(field('domain'), field('post'), field('phone'))
  if (word === 'join') return readInvite(field('invite'))
  if (word === 'addlist') return readFolder(field('slug'))
  if (word === 'privatepost') return readPrivate([field('channel'), field('post')].filter((id) => id !== ''))
  return /^[a-z_]{2,32}$/.test(word) ? reserved(word) : null
}

function readResolve(domain: string, post: string, number: string): Reading | null {
  const digits = number.replace(/^\+/, '')
  if (domain === '') return PHONE.test(digits) ? phone(digits) : null
  if (!NAME.test(domain)) return null
  return readName(domain, post === '' ? [] : [post])
}

function phone(digits: string): Reading {
  return reading('phone', 'telegram', `tel:+${digits}`)
}

function reserved(word: string): Reading {
  return reading('reserved', 'telegram', `tg:reserved:${word}`)
}

import { type AddressParts, splitAddress } from './address-parts.ts'
import { normaliseCharacters } from './characters.ts'
import { refang } from './defang.ts'
import { type Link, type Reading, reading } from './link.ts'
import { readOtherLink } from './other-links.ts'
import { readTelegramLink } from './telegram-link.ts'

/**
 * Reads one link, written in any form people use: bare (`t.me/name`), with scheme, disguised (`hxxps://t[.]me/name`),
 * with invisible marks or full-width letters. Null when the text is not a link. Nothing is opened or looked up.
 */
export function parseLink(text: string): Link | null {
  const raw = text.trim()
  return readLink(raw, refang(normaliseCharacters(raw).text).text)
}

/** Reads a link whose disguise was already taken off. `raw` is only kept. */
export function readLink(raw: string, plain: string): Link | null {
  const parts = splitAddress(plain)
  if (parts === null) return null
  const read = readTelegramLink(parts) ?? readOtherLink(parts) ?? readOther(parts)
  if (read === null) return null
  const { kind, platform, target, post } = read
  return { kind, platform, raw, plain, target, host: parts.host, post }
}

function readOther(parts: AddressParts): Reading | null {
  if (parts.host === '') return null
  return reading('other', 'web', `${parts.host}${parts.path}${parts.query === '' ? '' : `?${parts.query}`}`)
}

import { extractIdentifiers } from '#lib/chat/index.ts'

/** A title or a name with the phone numbers, addresses and links in it masked, as in the list of identifiers. */
export function maskText(text: string): string {
  let masked = ''
  let at = 0
  for (const found of extractIdentifiers({ text, entities: [] })) {
    if (found.where !== 'text' || found.start < at) continue
    masked += text.slice(at, found.start) + found.masked
    at = found.end
  }
  return masked + text.slice(at)
}

/**
 * An account's key, masked where it holds a phone number or a name. Telegram's numbers stay: they are no phone numbers.
 */
export function maskKey(key: string): string {
  const name = /^((?:wa|tg):(?:phone|name):)(.*)$/s.exec(key)
  return name ? `${name[1]}${maskText(name[2] ?? '')}` : key
}

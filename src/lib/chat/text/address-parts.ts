/** A web or application address taken apart, as text. */
export interface AddressParts {
  /** Lower case, without colon; `http` when none was written. */
  scheme: string
  /** Lower case, punycode where it was not ASCII; empty for schemes without a host. */
  host: string
  /** Percent-decoded where that is possible; empty segments left out. */
  segments: string[]
  /** As written. */
  path: string
  query: string
}

const MAX_LENGTH = 4096
const SCHEME = /^([a-z][a-z0-9+.-]{0,30}):(?!\d)(\/\/)?/i
const HOST = /^(?:[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}_-]{0,62})\.)+[\p{L}\p{M}\p{N}-]{2,63}$/u
const ASCII_HOST = /^(?:[a-z0-9_](?:[a-z0-9_-]{0,62})\.)+[a-z0-9-]{2,63}$/

/** Takes an address apart; null when the text is not one (white space inside, no host, over 4096 units). Linear. */
export function splitAddress(text: string): AddressParts | null {
  if (text.length > MAX_LENGTH || /\s/.test(text)) return null
  const scheme = SCHEME.exec(text)
  const name = scheme?.[1]?.toLowerCase() ?? 'http'
  const rest = text.slice(scheme?.[0].length ?? 0)
  if (name === 'tg' || name === 'whatsapp') return withRest(name, '', rest)
  if (scheme !== null && (scheme[2] === undefined || !/^(?:https?|ftp)$/.test(name))) return null
  const authority = /^[^/?#\\]*/.exec(rest)?.[0] ?? ''
  const host = readHost(authority)
  return host === null ? null : withRest(name, host, rest.slice(authority.length))
}

function readHost(authority: string): string | null {
  const host = authority
    .slice(authority.lastIndexOf('@') + 1)
    .replace(/:\d{0,5}$/, '')
    .replace(/\.$/, '')
    .toLowerCase()
  if (host.length > 255) return null
  if (ASCII_HOST.test(host)) return host
  return HOST.test(host) ? toPunycode(host) : null
}

function toPunycode(host: string): string | null {
  try {
    return new URL(`http://${host}`).hostname
  } catch {
    return null
  }
}

function withRest(scheme: string, host: string, rest: string): AddressParts {
  const fragment = rest.indexOf('#')
  const shown = fragment === -1 ? rest : rest.slice(0, fragment)
  const mark = shown.indexOf('?')
  const path = mark === -1 ? shown : shown.slice(0, mark)
  const segments: string[] = []
  for (const segment of path.split('/')) if (segment !== '') segments.push(decode(segment))
  return { scheme, host, segments, path, query: mark === -1 ? '' : shown.slice(mark + 1) }
}

/** First value of a query field, percent-decoded; `+` stays a plus, as phone numbers need it. */
export function queryValue(query: string, name: string): string | null {
  for (const pair of query.split('&')) {
    const equals = pair.indexOf('=')
    if (equals > 0 && pair.slice(0, equals).toLowerCase() === name) return decode(pair.slice(equals + 1))
  }
  return null
}

function decode(text: string): string {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

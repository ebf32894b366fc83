const MARKS_AT_ENDS =
  /^[\s\u200e\u200f\u202a-\u202e\u2066-\u2069]+|[\s\u200e\u200f\u202a-\u202e\u2066-\u2069]+$/g
const LONGEST_NAME = 200

/**
 * Splits what follows a header into sender and text at the first `: `. Null for a line of the application itself:
 * without `: `, or where the `: ` stands inside a quoted group title.
 */
export function splitAuthor(rest: string): { name: string; text: string } | null {
  const separator = rest.indexOf(': ')
  const at = separator >= 0 ? separator : rest.endsWith(':') ? rest.length - 1 : -1
  if (at <= 0 || at > LONGEST_NAME) return null
  const name = rest.slice(0, at)
  if (isInsideQuotes(name)) return null
  const shown = name.replace(MARKS_AT_ENDS, '')
  return shown === '' ? null : { name: shown, text: rest.slice(at + 2) }
}

/** `wa:phone:+60…` when the name is a telephone number, else `wa:name:…`: a weak key, as names are not unique. */
export function authorKey(name: string): string {
  const isPhone = /^\+[\d\s\u00a0().\-\u2010-\u2015]{6,30}$/.test(name)
  return isPhone ? `wa:phone:+${name.replace(/\D/g, '')}` : `wa:name:${name}`
}

function isInsideQuotes(name: string): boolean {
  const count = (mark: string) => name.split(mark).length - 1
  return count('"') % 2 === 1 || count('\u201c') > count('\u201d') || count('\u00ab') > count('\u00bb')
}

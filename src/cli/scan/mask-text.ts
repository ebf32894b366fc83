import { extractIdentifiers, type IdentifierKind } from '#lib/chat/index.ts'

/** A title or a name with the phone numbers, addresses and links in it masked, as in the list of identifiers. */
export function maskText(text: string): string {
  return mask(text, () => true)
}

function mask(text: string, isTelling: (kind: IdentifierKind) => boolean): string {
  let masked = ''
  let at = 0
  for (const found of extractIdentifiers({ text, entities: [] })) {
    if (found.where !== 'text' || found.start < at || !isTelling(found.kind)) continue
    masked += text.slice(at, found.start) + found.masked
    at = found.end
  }
  return masked + text.slice(at)
}

/** What a file name can give away of a person; that it looks like a web address does not matter. */
const TELLING_IN_PATHS: ReadonlySet<string> = new Set(['phone', 'mykad', 'email', 'bank-card'])
/** Names that the exporting programs give: dates and counters, which could pass for numbers of people. */
const MADE_NAME =
  /^(?:[a-z_]+_\d+@\d\d-\d\d-\d{4}_\d\d-\d\d-\d\d|(?:IMG|VID|STK|PTT|AUD|DOC)-\d{8}-WA\d{4}|\d{8}-[A-Z]+-\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d)(?:_thumb)?(?: ?\(\d+\))?(?:\.[A-Za-z0-9]+)*$/

/** A path of the export with phone numbers and the like in its names masked. The true names stand in export-sha256.txt. */
export function maskPath(path: string): string {
  return path
    .split('/')
    .map((name) => (MADE_NAME.test(name) ? name : mask(name, (kind) => TELLING_IN_PATHS.has(kind))))
    .join('/')
}

/** Keys and ids that programs made: numbers, and digests of files. */
const MADE_KEY = /^(?:tg:(?:user|chat|channel|unknown):-?\d{1,20}|(?:tg:(?:html|file)|wa):[0-9a-f]{16,64})$/
const MADE_ID = /^-?\d{1,20}$/

/** The key of an account or place, masked unless a program made it: it can hold a phone number or a name. */
export function maskKey(key: string): string {
  if (MADE_KEY.test(key)) return key
  const [, prefix = '', rest = key] = /^((?:[a-z]+:){0,2})(.*)$/s.exec(key) ?? []
  return prefix + maskText(rest)
}

/** A message id as it may be shown: a number stays, anything else a person may have written. */
export function maskId(id: string | null): string | null {
  return id === null || MADE_ID.test(id) ? id : maskText(id)
}

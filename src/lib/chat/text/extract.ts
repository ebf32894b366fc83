import type { Message } from '../model.ts'
import { normaliseCharacters } from './characters.ts'
import { type DigitRun, findDigitRuns, groupSize } from './digit-groups.ts'
import { foldLetters, foldSeparators } from './digits.ts'
import { findAddresses } from './find-addresses.ts'
import { findAtNames, findCuedNames } from './find-handles.ts'
import { findLinksAndEmails } from './find-links.ts'
import { findMykads } from './find-mykads.ts'
import { type Budget, findPhones } from './find-phones.ts'
import { Findings } from './findings.ts'
import type { Identifier } from './identifier.ts'
import { type Mapped, originalRange } from './mapped.ts'
import { maskAddress, maskEmail, maskHandle, maskMykad } from './mask.ts'
import { addContact, addEntity, addHiddenLink, addLink } from './outside-text.ts'
import { cutIntoPieces } from './pieces.ts'
import { digitsSeen, SEEN_AT, SEEN_CUE, SEEN_LINK, scanText } from './scan.ts'

export type ExtractWarning = 'SLOW_TEXT'

export interface ExtractOptions {
  /** Called at most once a message: a part of it was not searched, because it would have taken too long. */
  onWarning?: (code: ExtractWarning) => void
}

/** No application sends more in one message; beyond it a text is hostile or damaged. */
const MAX_TEXT_LENGTH = 256 * 1024
const MAX_MARKED = 2000
const MAX_OTHER_TEXTS = 200
const MAX_PHONES_JUDGED = 4000
const MIN_NUMBER_DIGITS = 5

/**
 * Personal identifiers in a message: what the application marked, what stands in the text, what a contact card or a
 * hidden link holds. Text hits come in order of `start`, then the others. Never throws, whatever the text holds; time
 * is linear, and bounded by limits past which the rest is left and `SLOW_TEXT` reported. Spec: chat exports, section 8.
 */
export function extractIdentifiers(
  message: Pick<Message, 'text' | 'entities' | 'contact' | 'hiddenLinks' | 'otherTexts'>,
  options: ExtractOptions = {},
): Identifier[] {
  const { text, entities, contact, hiddenLinks, otherTexts } = message
  const isBare =
    entities.length === 0 && contact === undefined && hiddenLinks === undefined && otherTexts === undefined
  if (isBare && text.length <= MAX_TEXT_LENGTH && scanText(text) === 0) return []
  const findings = new Findings(text.length)
  let isSlow =
    text.length > MAX_TEXT_LENGTH ||
    entities.length > MAX_MARKED ||
    (hiddenLinks?.length ?? 0) > MAX_MARKED ||
    (otherTexts?.length ?? 0) > MAX_OTHER_TEXTS
  for (const entity of entities.slice(0, MAX_MARKED)) addEntity(findings, text, entity)
  if (contact !== undefined) addContact(findings, contact)
  for (const href of hiddenLinks?.slice(0, MAX_MARKED) ?? []) addHiddenLink(findings, href)
  const budget: Budget = { phones: MAX_PHONES_JUDGED }
  for (const piece of cutIntoPieces(text, MAX_TEXT_LENGTH)) {
    if (searchPiece(findings, piece.text, piece.offset, budget)) isSlow = true
  }
  for (const other of otherTexts?.slice(0, MAX_OTHER_TEXTS) ?? []) {
    if (addOtherText(findings, other.text)) isSlow = true
  }
  if (isSlow || budget.phones <= 0) options.onWarning?.('SLOW_TEXT')
  return findings.identifiers.sort(byPlace)
}

/**
 * Polls, place names, button labels and the like. What the text itself says already is not told twice: one of these can be
 * a second version of the text. True when a part was not searched.
 */
function addOtherText(findings: Findings, text: string): boolean {
  let isSlow = false
  const onWarning = (): void => {
    isSlow = true
  }
  for (const { kind, value, masked, confidence } of extractIdentifiers(
    { text, entities: [] },
    { onWarning },
  )) {
    const isKnown = findings.identifiers.some((known) => known.kind === kind && known.value === value)
    if (!isKnown) findings.addOutside('other', kind, value, masked, confidence)
  }
  return isSlow
}

function byPlace(a: Identifier, b: Identifier): number {
  if (a.start === -1 || b.start === -1) return (a.start === -1 ? 1 : 0) - (b.start === -1 ? 1 : 0)
  return a.start - b.start || a.end - b.end
}

/** One stretch of text and how its offsets lead back to the message. */
interface Piece {
  text: string
  offset: number
  characters: Mapped
  findings: Findings
}

/** True when a part had to be left out. */
function searchPiece(findings: Findings, text: string, offset: number, budget: Budget): boolean {
  const scan = scanText(text)
  if (scan === 0) return false
  const piece: Piece = { text, offset, characters: normaliseCharacters(text), findings }
  const digits = digitsSeen(scan)
  const isCut = (scan & (SEEN_LINK | SEEN_AT)) !== 0 && searchLinks(piece, (scan & SEEN_LINK) !== 0)
  const hasFiveDigits = digits >= MIN_NUMBER_DIGITS && searchNumbers(piece, budget)
  if ((scan & SEEN_AT) !== 0) addNames(piece, findAtNames(piece.characters.text))
  if ((scan & SEEN_CUE) !== 0 || digits > 0) addNames(piece, findCuedNames(piece.characters.text))
  if (digits > 0) searchAddresses(piece, hasFiveDigits)
  return isCut
}

function rangeIn(piece: Piece, start: number, end: number): { start: number; end: number } {
  return shift(originalRange(piece.text, piece.characters, start, end), piece.offset)
}

function shift(range: { start: number; end: number }, offset: number): { start: number; end: number } {
  return { start: range.start + offset, end: range.end + offset }
}

function searchLinks(piece: Piece, isLikely: boolean): boolean {
  // An `@` alone is a name; a mail address needs a dot too, and that was flagged as a link.
  if (!isLikely) return false
  const { links, emails, isCut } = findLinksAndEmails(piece.text, piece.characters)
  for (const link of links) addLink(piece.findings, shift(link, piece.offset), link)
  for (const { email, ...range } of emails) {
    piece.findings.add('email', shift(range, piece.offset), email, maskEmail(email), 'sure')
  }
  return isCut
}

/** True when there is a group of five digits, as a postcode has. */
function searchNumbers(piece: Piece, budget: Budget): boolean {
  const norm = foldSeparators(piece.characters.text)
  const runs = findDigitRuns(norm)
  addNumbers(piece, norm, runs, budget, false)
  const folded = foldLetters(norm)
  if (folded !== norm) addNumbers(piece, folded, findDigitRuns(folded), budget, true)
  return runs.some((run) => run.some((group) => groupSize(group) === 5))
}

function addNumbers(
  piece: Piece,
  norm: string,
  runs: readonly DigitRun[],
  budget: Budget,
  isFolded: boolean,
): void {
  const { findings } = piece
  for (const mykad of findMykads(norm, runs)) {
    const range = rangeIn(piece, mykad.start, mykad.end)
    const confidence = mykad.hasCue ? 'likely' : 'possible'
    const mayBePhone = !mykad.hasCue && !mykad.hasSeparators && mykad.digits.startsWith('60')
    if (!mayBePhone) findings.add('mykad', range, mykad.digits, maskMykad(mykad.digits), confidence)
    else if (!isFolded) findings.addLoosely('mykad', range, mykad.digits, maskMykad(mykad.digits), confidence)
  }
  for (const { start, end, number, isSure } of findPhones(norm, runs, budget)) {
    const range = rangeIn(piece, start, end)
    if (!findings.isInLink(range)) {
      const confidence = isFolded ? 'obfuscated' : isSure ? 'sure' : 'possible'
      findings.add('phone', range, number.e164, number.masked, confidence)
    } else if (number.isValid && !isFolded && /^(?:\+|0|60)/.test(norm.slice(start))) {
      findings.addInLink('phone', range, number.e164, number.masked)
    }
  }
}

function addNames(piece: Piece, found: ReturnType<typeof findAtNames>): void {
  for (const { start, end, handle, confidence } of found) {
    piece.findings.add('handle', rangeIn(piece, start, end), handle, maskHandle(handle), confidence)
  }
}

function searchAddresses(piece: Piece, hasFiveDigits: boolean): void {
  const norm = piece.characters.text
  for (const { start, end, postcode, state } of findAddresses(norm, hasFiveDigits)) {
    const value = norm.slice(start, end).toLowerCase().replace(/\s+/g, ' ').trim()
    piece.findings.addLoosely(
      'address',
      rangeIn(piece, start, end),
      value,
      maskAddress(postcode, state),
      'possible',
    )
  }
}

import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '../../bytes/index.ts'
import { BundleError, type BundleErrorCode } from '../errors.ts'
import { BAG_NAME } from '../format/names.ts'
import { exhibitNumber } from '../format/paths.ts'
import type { BundleInput, Exhibit } from '../model.ts'
import { checkItems } from './check-items.ts'
import { withheldBytes } from './exhibit-files.ts'
import { messageReference } from './message-reference.ts'
import { exhibitIdOf, type NumberedRecord, preservations } from './proven.ts'

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/
const HEX_64 = /^[0-9a-f]{64}$/
const HEX_128 = /^[0-9a-f]{128}$/
const HEX_32 = /^[0-9a-f]{32}$/
const MOST_EXHIBITS = 50_000

/**
 * Refuses what a bundle must never be made from, before anything is made. Throws `BundleError`: `INPUT_INVALID`,
 * `CONSENT_MISSING`, `WITHHELD_SELECTED`, `EXHIBIT_DIGEST`.
 */
export function checkInput(input: BundleInput): void {
  must(BAG_NAME.test(input.bagName), 'the name of the bundle takes letters, digits and dashes')
  must(TIME.test(input.builtAt), 'the time of building must be in UTC')
  must(input.publicKey.length === 32, 'the manifest key must have 32 bytes')
  must(isOneLine(input.organisation.name), 'the name of the organisation must be one line')
  must(/^[A-Za-z0-9@._-]{1,200}$/.test(input.organisation.contact), 'the contact must be a mailbox')
  must(isOneLine(input.senderIdentifier) && isOneLine(input.version), 'identifiers must be one line')
  must(input.exhibits.length <= MOST_EXHIBITS, `a bundle holds at most ${MOST_EXHIBITS} exhibits`)
  must(
    (input.policy === null) === (input.records.length === 0),
    'records and the policy of their log belong together',
  )
  const names = input.authorities.map(({ name }) => name)
  must(
    names.every((name) => /^[a-z0-9-]{1,32}$/.test(name) && name !== 'bundle') &&
      new Set(names).size === names.length,
    'time-stamp authorities need different short names',
  )
  const ids = input.exhibits.map(({ recordId }) => recordId)
  must(ids.every((id) => HEX_32.test(id)) && new Set(ids).size === ids.length, 'exhibits need different ids')
  must(
    isSize(input.withheld.count) && input.withheld.items.length <= input.withheld.count,
    'more was withheld than is counted',
  )
  const collections = new Set(input.collections.map(({ id }) => id))
  must(
    [...collections].every((id) => /^C\d{4}$/.test(id)),
    'captures are named C0001 and so on',
  )
  must(
    input.collections.every(({ recordId }) => recordId === null || HEX_32.test(recordId)),
    'the id of a capture in the log is malformed',
  )
  for (const exhibit of input.exhibits) {
    checkExhibit(exhibit)
    must(
      !exhibit.source || collections.has(exhibit.source.collection),
      'an exhibit comes from a capture not described',
    )
  }
  checkConsent(input)
}

/** Every exhibit that holds something has its first record in the log. Throws `PROOF_MISSING` or `EXHIBIT_DIGEST`. */
export function checkProofs(input: BundleInput, records: readonly NumberedRecord[]): void {
  if (input.policy === null) {
    must(
      input.exhibits.every(({ item }) => item === null) &&
        input.collections.every(({ recordId }) => recordId === null),
      'what a log holds comes with the policy of that log',
    )
    return
  }
  const preserved = preservations(records)
  for (const [i, exhibit] of input.exhibits.entries()) {
    if (exhibit.original !== null) checkProof(exhibit, preserved.get(exhibitNumber(i)))
  }
  const stray = records.find(({ facts, exhibit }) => exhibit === null && exhibitIdOf(facts) !== null)
  must(!stray, 'a record is about an exhibit that is not in this bundle')
  checkItems(input, records)
  checkWithheld(input, records)
}

/** That something was withheld, the log says too: with the number and the digest of the pointers. */
function checkWithheld({ withheld }: BundleInput, records: readonly NumberedRecord[]): void {
  const own = records.filter(({ facts }) => facts.type === 'exhibit.withheld')
  const digest = bytesToHex(sha256(withheldBytes(withheld)))
  const isRecorded = own.some(({ facts }) => facts.body['pointersSha256'] === digest)
  if (withheld.count > 0 ? !isRecorded || own.length > 1 : own.length > 0)
    throw refused('PROOF_MISSING', 'The log does not record what was withheld, or records something else.')
}

function checkProof(exhibit: Exhibit, first: NumberedRecord | undefined): void {
  if (!first)
    throw refused('PROOF_MISSING', 'An exhibit has no record in the log that it was preserved or seen.')
  const { type, body } = first.facts
  const reference = messageReference(exhibit)
  const isSame =
    type === 'exhibit.preserved'
      ? body['plainSha256'] === exhibit.original?.sha256
      : reference !== null && body['messageRefSha256'] === bytesToHex(sha256(reference))
  if (!isSame) throw refused('EXHIBIT_DIGEST', 'An exhibit is not the one that the log records.')
}

function checkExhibit(exhibit: Exhibit): void {
  const { state, original, enclosed, rawMessage, source, message, context } = exhibit
  if (state === 'withheld' || state === 'erased') {
    if (original || enclosed || rawMessage || source || message || context)
      throw refused(
        'WITHHELD_SELECTED',
        'A withheld or erased exhibit was selected. Nothing of it is handed over.',
      )
  }
  must(
    (state === 'captured') === (original !== null),
    'an exhibit has digests when it was captured, and only then',
  )
  must(
    rawMessage === null || bytesToHex(sha256(rawMessage)) === source?.raw?.sha256,
    'the bytes of a message are not those the scan saw',
  )
  must(
    rawMessage === null || bytesToHex(sha256(rawMessage)) !== original?.sha256,
    'a picture was taken for the bytes of its message',
  )
  must(original !== null || enclosed === null, 'a file is enclosed that was never captured')
  must(
    original === null ||
      (HEX_64.test(original.sha256) && (original.sizeBytes === null || isSize(original.sizeBytes))),
    'a digest is malformed',
  )
  if (enclosed === null || original === null) return
  must(
    HEX_64.test(enclosed.sha256) && HEX_128.test(enclosed.sha512) && isSize(enclosed.sizeBytes),
    'a digest is malformed',
  )
  if (enclosed.name === 'original.bin' && enclosed.sha256 !== original.sha256)
    throw refused('EXHIBIT_DIGEST', 'A file enclosed as it is differs from the original.')
}

function checkConsent({ consent, agency, builtAt }: BundleInput): void {
  if (consent === null) return
  if (agency !== consent.agency || (consent.expires !== null && consent.expires < builtAt))
    throw refused(
      'CONSENT_MISSING',
      'The consent is for another agency, or it has ended. Nothing is handed over without it.',
    )
}

function isSize(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0
}

function isOneLine(text: string): boolean {
  return text.length > 0 && text.length <= 200 && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]/u.test(text)
}

function must(holds: boolean, what: string): void {
  if (!holds) throw refused('INPUT_INVALID', `The bundle was not made: ${what}.`)
}

function refused(code: BundleErrorCode, message: string): BundleError {
  return new BundleError(code, message)
}

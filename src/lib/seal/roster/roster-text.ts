import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, canonicalJson, hexToBytes, parseCanonicalJson, textToUtf8 } from '../../bytes/index.ts'
import { MAX_NOTE_BYTES } from '../../tlog/index.ts'
import { SealError } from '../errors.ts'
import { DAY_SECONDS, startOfDay } from './days.ts'
import {
  day,
  exactly,
  type Form,
  hex32,
  hybridRecipient,
  id16,
  language,
  lineOfText,
  listOf,
  oneOf,
  orgId,
  shape,
  webAddress,
  whole,
} from './forms.ts'
import { isSigningKey } from './is-signing-key.ts'
import { RETIRE_REASONS, ROLES, type Roster } from './model.ts'

export const ROSTER_TYPE = 'saksi.roster/v1'
export const MAX_ROSTER_ENTRIES = 64
export const MAX_ROSTER_DAYS = 31
// Room for the signatures of a note, and for letters of two bytes in names and labels.
const MAX_ROSTER_CHARACTERS = MAX_NOTE_BYTES - 16 * 1024

/**
 * The text that the root keys sign: the type line, then the roster as one line of canonical JSON (RFC 8785). Throws
 * `ROSTER_INVALID` for a roster that `parseRosterText` would refuse.
 */
export function formatRosterText(roster: Roster): string {
  const json = canonicalJson(roster)
  if (json === null) throw invalid('it has no canonical form')
  const text = `${ROSTER_TYPE}\n${json}\n`
  parseRosterText(text)
  return text
}

/**
 * Reads the text of a roster whose signatures are already checked. Throws `ROSTER_INVALID`: another type, not canonical, a
 * field missing, unknown or not in its form, one key or address for two people, a key both in use and given up.
 */
export function parseRosterText(text: string): Roster {
  if (!text.startsWith(`${ROSTER_TYPE}\n`)) throw invalid('its first line is another')
  if (text.length > MAX_ROSTER_CHARACTERS) throw invalid('it is too long for a signed note')
  const value = parseCanonicalJson(text.slice(ROSTER_TYPE.length + 1, -1))
  if (!text.endsWith('}\n') || value === null) throw invalid('its second line is not canonical JSON')
  if (!isRoster(value)) throw invalid('a field is missing, unknown or not in its form')
  const fault = contradictionIn(value)
  if (fault !== null) throw invalid(fault)
  return value
}

/** What `prev`, the log and a case refer to: SHA-256 of the text without its signatures, 64 hexadecimal digits. */
export function rosterDigest(text: string): string {
  return bytesToHex(sha256(textToUtf8(text) ?? new Uint8Array(0)))
}

const isRoster: Form<Roster> = shape(
  {
    org: orgId,
    v: whole(1),
    iss: day,
    exp: day,
    entries: listOf(
      shape(
        {
          id: id16,
          role: oneOf(ROLES),
          age: hybridRecipient,
          sign: hex32,
          addr: id16,
          langs: listOf(language, 0, 16),
          since: day,
        },
        { label: lineOfText(80), until: day },
      ),
      1,
      MAX_ROSTER_ENTRIES,
    ),
    recovery: shape({ age: hybridRecipient, addr: id16, threshold: exactly(3), total: exactly(5) }),
    partners: listOf(
      shape({ org: orgId, name: lineOfText(80), rootKeys: listOf(hex32, 3, 3), intakeUrl: webAddress }),
      0,
      32,
    ),
    retired: listOf(
      shape(
        { id: id16, role: oneOf(ROLES), sign: hex32, from: day, to: day, reason: oneOf(RETIRE_REASONS) },
        { notAfter: day },
      ),
      0,
      512,
    ),
  },
  { prev: hex32, bank: shape({ age: hybridRecipient }) },
)

/** Rules over more than one field; null when they hold. */
function contradictionIn(roster: Roster): string | null {
  const { v, prev, iss, exp, entries, recovery, bank, partners, retired } = roster
  if ((prev === undefined) !== (v === 1)) return 'only the first version has none before it'
  const lifetimeDays = (startOfDay(exp) - startOfDay(iss)) / DAY_SECONDS
  if (lifetimeDays < 0 || lifetimeDays > MAX_ROSTER_DAYS)
    return 'it lives longer than 31 days, or ends before it begins'
  // Two people with one key could approve each other, and one address would deliver to both.
  if (!areDistinct([...entries.map(({ id }) => id)])) return 'an id stands twice'
  if (!areDistinct([...entries, recovery].map(({ addr }) => addr))) return 'an address stands twice'
  // The bank's key is in a running server's memory: it must open nothing but prints.
  if (!areDistinct([...entries, recovery, ...(bank ? [bank] : [])].map(({ age }) => age)))
    return 'a recipient stands twice'
  if (!areDistinct([...entries, ...retired].map(({ sign }) => sign))) return 'a signing key stands twice'
  if (!areDistinct(partners.map((partner) => partner.org))) return 'a partner stands twice'
  if (entries.some(({ since, until }) => until !== undefined && until < since))
    return 'an entry ends before it begins'
  if (retired.some(({ from, to }) => to < from)) return 'a key given up ends before it begins'
  if (retired.some(({ reason, notAfter }) => reason === 'compromised' && notAfter === undefined))
    return 'a compromised key has no last day'
  const rootKeys = partners.flatMap((partner) => partner.rootKeys)
  if (!areDistinct(rootKeys)) return 'a root key of partners stands twice'
  const keys = [...[...entries, ...retired].map(({ sign }) => sign), ...rootKeys]
  if (!keys.every((key) => isSigningKey(hexToBytes(key)))) return 'a key is no Ed25519 public key'
  return null
}

function areDistinct(values: readonly string[]): boolean {
  return new Set(values).size === values.length
}

function invalid(what: string): SealError {
  return new SealError('ROSTER_INVALID', `The list of the organisation's people is refused: ${what}.`)
}

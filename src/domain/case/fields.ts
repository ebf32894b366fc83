import { isWellFormed } from '#lib/bytes/index.ts'
import { isRecord } from './entry.ts'
import { ROLES } from './roles.ts'
import { parseClock, parseDay, parseMoment } from './time.ts'
import * as words from './vocabulary.ts'

type Read<T> = (value: unknown) => T | undefined

const MAX_TEXT = 20_000
const MAX_LIST = 256

const matching =
  (form: RegExp): Read<string> =>
  (value) =>
    typeof value === 'string' && form.test(value) ? value : undefined

const oneOf =
  <const T extends string>(list: readonly T[]): Read<T> =>
  (value) =>
    list.find((word) => word === value)

const timed =
  (parse: (text: string) => number | null): Read<number> =>
  (value) =>
    typeof value === 'string' ? (parse(value) ?? undefined) : undefined

const listOf =
  <T>(read: Read<T>): Read<readonly T[]> =>
  (value) => {
    if (!Array.isArray(value) || value.length > MAX_LIST) return undefined
    const items = value.map(read)
    const known = items.filter((item) => item !== undefined)
    return known.length === items.length && new Set(known).size === known.length ? known : undefined
  }

const text: Read<string> = (value) =>
  typeof value === 'string' && value.length <= MAX_TEXT && value.trim() !== '' && isWellFormed(value)
    ? value
    : undefined

const longText: Read<string> = (value) =>
  typeof value === 'string' && value.length <= 262_144 && isWellFormed(value) ? value : undefined

const flag: Read<boolean> = (value) => (typeof value === 'boolean' ? value : undefined)
const count: Read<number> = (value) =>
  Number.isSafeInteger(value) && Number(value) >= 1 ? Number(value) : undefined
const natural: Read<number> = (value) =>
  Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : undefined
const id = matching(/^[A-Za-z0-9_-]{1,64}$/)
/** Somebody of the roster: never the survivor, whom nobody can make a member, exclude, or give a task. */
const person: Read<string> = (value) => (value === 'survivor' ? undefined : id(value))
const code = matching(/^[a-z0-9]+(-[a-z0-9]+)*$/)
const digest = matching(/^[0-9a-f]{64}$/)
const day = timed(parseDay)
const moment = timed(parseMoment)
const record: Read<Readonly<Record<string, unknown>>> = (value) => (isRecord(value) ? value : undefined)

/**
 * Every field an entry's body can have, with its one meaning. Ids: 1 to 64 letters, digits, `-` and `_`. Codes: lower case and
 * hyphens. Texts: 1 to 20,000 characters. Days `YYYY-MM-DD`, moments `YYYY-MM-DDTHH:MMZ`, times of day `HH:MM`, all UTC.
 */
const FIELDS = {
  at: timed(parseClock),
  id,
  text: longText,
  reason: text,
  note: text,
  /** A consent, notice, referral, task, handover, hold, proposal, exhibit or place the entry is about. */
  about: id,
  /** A task's id; those of tasks that rules made have a colon. */
  task: matching(/^[A-Za-z0-9_:@-]{1,200}$/),
  consent: id,
  place: id,
  exhibit: id,
  /** A picture that somebody saw. */
  sighting: id,
  replaces: id,
  link: id,
  entry: person,
  owner: person,
  lead: person,
  to: person,
  members: listOf(person),
  exclude: listOf(person),
  exhibits: listOf(id),
  left: listOf(id),
  entryRole: oneOf(ROLES),
  ageBand: oneOf(words.AGE_BANDS),
  safetyAnswer: oneOf(words.SAFETY_ANSWERS),
  level: oneOf(words.RISK_LEVELS),
  factors: listOf(oneOf(words.RISK_FACTORS)),
  nextReview: moment,
  recipient: id,
  agency: id,
  purpose: oneOf(words.PURPOSES),
  dataClasses: listOf(oneOf(words.DATA_CLASSES)),
  expires: day,
  language: matching(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/),
  wordingVersion: code,
  wordingSha256: digest,
  givenBy: oneOf(words.GIVEN_BY),
  how: oneOf(words.HOW),
  conditions: text,
  closeReason: oneOf(words.CLOSE_REASONS),
  junkReason: oneOf(words.JUNK_REASONS),
  falseReportReason: oneOf(words.FALSE_REPORT_REASONS),
  openingReason: oneOf(words.OPENING_REASONS),
  reopenCause: oneOf(words.REOPEN_CAUSES),
  epochReason: oneOf(words.EPOCH_REASONS),
  outcome: oneOf(words.OUTCOMES),
  contentClass: oneOf(words.CONTENT_CLASSES),
  sender: oneOf(words.SENDERS),
  channel: oneOf(words.CHANNELS),
  noticeType: code,
  /** A statutory duty of the country pack. */
  duty: code,
  /** The notice as the linter of the country pack reads it. */
  content: record,
  textSha256: digest,
  copySha256: digest,
  previewSha256: digest,
  sha256: digest,
  /** Commitment of a custody-log record. */
  record: digest,
  /** Who will see her name, in words. */
  nameSeenBy: text,
  costSeen: flag,
  isWaived: flag,
  isGuardianSafe: flag,
  reference: text,
  description: text,
  summary: text,
  kind: code,
  due: moment,
  until: moment,
  untilDay: day,
  keepUntil: day,
  date: day,
  time: timed(parseClock),
  authority: code,
  receiver: text,
  epoch: count,
  count,
  /** Ids and places of the rows of a picture, 24 bytes each in base64url. */
  rows: matching(/^(?:[A-Za-z0-9_-]{32}){1,1023}$/),
  width: count,
  height: count,
  shorterSide: count,
  matchRule: oneOf(words.MATCH_RULES),
  /** Bits in which two prints differ. */
  distance: natural,
  votes: count,
  /** A person has to confirm it first. */
  isOnlyLikely: flag,
  /** What kind of copy it is, so that nobody has to look. */
  copy: record,
  contextKey: digest,
} as const

export type FieldName = keyof typeof FIELDS
export type Fields = {
  readonly [K in FieldName]: Exclude<ReturnType<(typeof FIELDS)[K]>, undefined>
}

/**
 * The fields of a body, or null when one is missing, of the wrong form, or not among `needs` and `may`. An unknown field is
 * refused, because a newer program may have narrowed with it what an older one would take as wider.
 */
export function readFields(
  body: unknown,
  needs: readonly FieldName[],
  may: readonly FieldName[],
): Partial<Fields> | null {
  if (!isRecord(body)) return null
  const names = Object.keys(body)
  const known = [...needs, ...may, 'at'] as const
  const fields: Record<string, unknown> = {}
  for (const name of known) {
    if (!Object.hasOwn(body, name)) continue
    const value = FIELDS[name](body[name])
    if (value === undefined) return null
    fields[name] = value
  }
  if (needs.some((name) => !(name in fields))) return null
  // Every value was read by the reader of its own name just above.
  return names.every((name) => Object.hasOwn(fields, name)) ? (fields as Partial<Fields>) : null
}

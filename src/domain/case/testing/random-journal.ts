import { EVENTS, type EventType } from '../events.ts'
import type { FieldName } from '../fields.ts'
import { permissionOf } from '../roles.ts'
import { DAY, dayOf, HOUR, momentOf } from '../time.ts'
import { BEGINNINGS } from './beginnings.ts'
import { Journal, OTHER_SHA, PEOPLE, type Person, SHA } from './journal.ts'

const EVENT_TYPES = Object.keys(EVENTS).filter((type): type is EventType => type in EVENTS)
/** What entries are about: the first part of their kind. */
export const TOPICS = [...new Set(EVENT_TYPES.map((type) => type.split('.', 1).join('')))]
const NAMES = Object.keys(PEOPLE).filter((name): name is Person => name in PEOPLE)

/** Random numbers that a step uses up one after the other. */
type Dice = () => number

type Value = (dice: Dice, now: number) => unknown

const pick =
  (...values: readonly unknown[]): Value =>
  (dice) =>
    values[dice() % values.length]

const some =
  (...values: readonly unknown[]): Value =>
  (dice) =>
    values.filter(() => dice() % 2 === 0)

const ID = pick('x1', 'x2')
const PERSON = pick(...NAMES)
const ahead =
  (write: (minute: number) => string, ...minutes: readonly number[]): Value =>
  (dice, now) =>
    write(now + (minutes[dice() % minutes.length] ?? 0))
const soon = ahead(momentOf, 1, 3 * HOUR, 23 * HOUR, 3 * DAY)
const later = ahead(dayOf, 0, 5 * DAY, 25 * DAY, 80 * DAY, 400 * DAY)

// `e2` is an entry of most beginnings: what her access view names.
const VALUES: Partial<Record<FieldName, Value>> = {
  about: pick('x1', 'x1', 'x1', 'x2', 'e2'),
  entry: PERSON,
  owner: PERSON,
  lead: PERSON,
  to: PERSON,
  entryRole: (dice) => Object.values(PEOPLE)[dice() % NAMES.length],
  members: some(...NAMES.slice(1)),
  exclude: some('outsider', 'third'),
  exhibits: some('x1'),
  left: some('x1', 'x2'),
  task: pick('x1', 'x2', 'risk-review:e4'),
  ageBand: pick('adult', 'adult', 'adult', 'under-18-now', 'prefer-not'),
  safetyAnswer: pick('safe', 'could-not-reach'),
  level: pick('low', 'medium', 'high', 'urgent'),
  factors: some('threat', 'spreading', 'violence-now'),
  nextReview: soon,
  due: soon,
  until: soon,
  expires: later,
  untilDay: later,
  keepUntil: later,
  date: later,
  recipient: pick('platform', 'police'),
  agency: pick('police', 'police', 'clinic'),
  purpose: pick('takedown', 'takedown', 'investigate', 'escrow'),
  dataClasses: some('places', 'story'),
  language: pick('ms'),
  wordingVersion: pick('v1'),
  givenBy: pick('self', 'guardian'),
  how: pick('spoken'),
  closeReason: pick('goals-met', 'goals-met', 'duplicate', 'false-report', 'survivor-died'),
  junkReason: pick('empty'),
  falseReportReason: pick('proven-copy'),
  openingReason: pick('notice-needs-it', 'other'),
  reopenCause: pick('new-sighting', 'supervisor-reason'),
  epochReason: pick('routine'),
  outcome: pick('did', 'declined', 'sent'),
  contentClass: pick('picture', 'page'),
  sender: pick('self'),
  channel: pick('sealed', 'open-email'),
  noticeType: pick('takedown', 'other'),
  content: pick({ isComplete: true }, { isComplete: true }, {}),
  textSha256: pick(SHA, SHA, SHA, OTHER_SHA),
  previewSha256: pick(SHA, SHA, SHA, OTHER_SHA),
  copySha256: pick(SHA),
  sha256: pick(SHA),
  record: pick(SHA),
  wordingSha256: pick(SHA),
  costSeen: pick(true),
  isWaived: pick(true),
  isGuardianSafe: pick(true, false),
  kind: pick('police-report'),
  authority: pick('court'),
  epoch: pick(2, 3),
  time: pick('12:00'),
  rows: pick('A'.repeat(32)),
  width: pick(640),
  height: pick(480),
  shorterSide: pick(480),
  sighting: pick('s1', 's2'),
  matchRule: pick('whole-frame', 'windows'),
  distance: pick(0, 12),
  votes: pick(2, 5),
  isOnlyLikely: pick(true, false),
  copy: pick({ isMirrored: true }),
  contextKey: pick(SHA),
  text: pick('hello', 'he has a knife'),
}
const PROSE: readonly FieldName[] = ['reason', 'note', 'nameSeenBy', 'reference', 'description', 'summary']
const WORDS = pick('in plain words')

function bodyOf(type: EventType, dice: Dice, now: number): object {
  const { needs, may } = EVENTS[type]
  const names = [...needs, ...may.filter(() => dice() % 2 === 0)].filter((name) => name !== 'at')
  const value = (name: FieldName) => (VALUES[name] ?? (PROSE.includes(name) ? WORDS : ID))(dice, now)
  return Object.fromEntries(names.map((name) => [name, value(name)]))
}

const WAITS = [0, 0, 0, 0, 1, 20, HOUR, DAY, 4 * DAY, 15 * DAY, 100 * DAY]

function write(journal: Journal, topics: readonly string[], numbers: readonly number[]): void {
  let used = 0
  const dice = () => numbers[used++ % numbers.length] ?? 0
  const inTopic = EVENT_TYPES.filter((name) => topics.some((topic) => name.startsWith(`${topic}.`)))
  const types = dice() % 6 === 0 ? EVENT_TYPES : inTopic
  const type = types[dice() % types.length] ?? 'case.open'
  const { action, permits } = EVENTS[type]
  const allowed = NAMES.filter((name) => permits.includes(permissionOf(PEOPLE[name], action)))
  // Most entries come from those whose role may write them; some from anybody.
  const among = dice() % 5 === 0 ? NAMES : allowed
  const author = among[dice() % among.length] ?? 'worker'
  journal.wait(WAITS[dice() % WAITS.length] ?? 0).say(author, type, bodyOf(type, dice, journal.now))
}

/** A journal of anything anybody might write, most of it well formed and about a few topics, from one of the beginnings. */
export function journalFrom(
  beginning: number,
  topics: readonly string[],
  steps: readonly (readonly number[])[],
): Journal {
  const journal = new Journal()
  BEGINNINGS[beginning % BEGINNINGS.length]?.(journal)
  for (const numbers of steps) write(journal, topics, numbers)
  return journal
}

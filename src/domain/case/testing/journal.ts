import type { JournalEntry } from '../entry.ts'
import type { EventType } from '../events.ts'
import type { RefusalCode } from '../refusals.ts'
import { replayCase } from '../replay.ts'
import type { Role } from '../roles.ts'
import { type CaseRules, DEFAULT_RULES } from '../rules.ts'
import type { CaseState } from '../state.ts'
import { DAY, dayOf, momentOf, parseMoment } from '../time.ts'

/** Everybody who writes in the tests, with the role of their roster entry. */
export const PEOPLE = {
  survivor: 'survivor',
  worker: 'caseworker',
  other: 'caseworker',
  third: 'intake',
  chief: 'supervisor',
  deputy: 'supervisor',
  minors: 'minors-team',
  overseer: 'oversight',
  matcher: 'match-officer',
  helper: 'interpreter',
  outsider: 'caseworker',
} as const satisfies Readonly<Record<string, Role>>
export type Person = keyof typeof PEOPLE

export const START = parseMoment('2026-03-02T09:00Z') ?? 0

/** Rules under which a notice is complete when its content says so. */
export const RULES: CaseRules = {
  ...DEFAULT_RULES,
  roster: new Map(Object.entries(PEOPLE)),
  agencyKeys: new Map([['police', START - 400 * DAY]]),
  noticeClocks: new Map([['takedown', { minutes: 48 * 60, isStatutory: true }]]),
  safetyWords: ['knife'],
  lintNotice: (_type, content) => (content['isComplete'] === true ? [] : ['url']),
}

export const SHA = 'ab'.repeat(32)
export const OTHER_SHA = 'cd'.repeat(32)

/** Writes entries one after the other, with a clock that the test moves. */
export class Journal {
  readonly entries: JournalEntry[] = []
  now = START

  /** Goes on from where another journal is, and leaves that as it is. */
  replaying(other: Journal): this {
    this.entries.push(...other.entries)
    this.now = other.now
    return this
  }

  wait(minutes: number): this {
    this.now += minutes
    return this
  }

  say(author: Person, type: EventType, body: object = {}, changes: Partial<JournalEntry> = {}): this {
    const own = this.entries.filter((entry) => entry.author === author)
    const seen: Record<string, number> = {}
    for (const entry of this.entries) if (entry.author !== author) seen[entry.author] = entry.seq
    const last = own.at(-1)
    this.entries.push({
      id: `e${this.entries.length + 1}`,
      author,
      key: `key-of-${author}`,
      role: PEOPLE[author],
      day: dayOf(this.now),
      seq: (last?.seq ?? 0) + 1,
      ...(last && { prev: last.id }),
      seen,
      type,
      body: { at: momentOf(this.now).slice(11, 16), ...body },
      ...changes,
    })
    return this
  }

  /** Her report, wrapped to two workers and two supervisors. */
  submit(body: object = {}): this {
    const members = ['worker', 'other', 'chief', 'deputy']
    return this.say('survivor', 'case.submit', { members, exclude: [], ageBand: 'adult', ...body })
  }

  risk(author: Person, level: string, hours: number): this {
    return this.say(author, 'risk.set', riskBody(level, this.now + hours * 60))
  }

  /** Submitted, opened and accepted, at medium risk. */
  activate(body: object = {}): this {
    return this.submit(body)
      .say('worker', 'case.open')
      .say('worker', 'triage.answer', {
        factors: ['online-known-place'],
        safetyAnswer: 'safe',
        lead: 'worker',
      })
      .risk('worker', 'medium', 48)
      .say('worker', 'case.accept')
  }

  /** Her consent for one recipient and purpose, offered and given. */
  consent(id: string, recipient: string, purpose: string, more: object = {}): this {
    const wording = { language: 'ms', wordingVersion: 'v1', wordingSha256: SHA }
    return this.say('worker', 'consent.draft', {
      id,
      recipient,
      purpose,
      dataClasses: ['places'],
      ...wording,
      ...more,
    })
      .say('worker', 'consent.offer', { about: id })
      .say('survivor', 'consent.give', { about: id })
  }

  /** The same, all by herself. */
  consentOfHers(id: string): this {
    const wording = { language: 'ms', wordingVersion: 'v1', wordingSha256: SHA }
    const what = { id, recipient: 'platform', purpose: 'takedown', dataClasses: ['places'] }
    return this.say('survivor', 'consent.draft', { ...what, ...wording })
      .say('survivor', 'consent.offer', { about: id })
      .say('survivor', 'consent.give', { about: id })
  }

  /** A complete notice about a place, which she has seen and approved. */
  approvedNotice(id: string, place: string, consent: string): this {
    return this.say('worker', 'notice.draft', { ...noticeBody(id, place, consent) })
      .say('worker', 'notice.check', { about: id })
      .say('survivor', 'notice.approve', { about: id, textSha256: SHA, nameSeenBy: 'nobody' })
  }
}

export function riskBody(level: string, nextReview: number): object {
  return { level, factors: ['threat'], reason: 'she said so', nextReview: momentOf(nextReview) }
}

export function noticeBody(id: string, place: string, consent: string): object {
  return {
    id,
    place,
    consent,
    recipient: 'platform',
    noticeType: 'takedown',
    sender: 'representative',
    content: { isComplete: true },
    textSha256: SHA,
  }
}

/** The case as everybody who has these entries sees it. */
export function stateOf({ entries, now }: Journal, rules = RULES): Readonly<CaseState> {
  return replayCase(entries, now, rules).state
}

/** Why the last entry has no effect; null when it has. */
export function lastCode({ entries, now }: Journal, rules = RULES): RefusalCode | null {
  const last = entries.at(-1)?.id
  return replayCase(entries, now, rules).notAccepted.find(({ entry }) => entry === last)?.code ?? null
}

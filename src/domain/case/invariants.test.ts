import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { JournalEntry } from './entry.ts'
import { EVENTS } from './events.ts'
import { canSendNotice, refuseConsent } from './index.ts'
import { type Replay, replayCase } from './replay.ts'
import { CASE_TABLE } from './status/table.ts'
import { hasStatutoryClock } from './task/tasks.ts'
import { type Journal, RULES } from './testing/journal.ts'
import { journalFrom, TOPICS } from './testing/random-journal.ts'
import { DAY, type Minute, parseClock, parseDay } from './time.ts'
import { isLower } from './triage/risk-levels.ts'

const randomJournal = fc
  .tuple(
    fc.nat({ max: 99 }),
    fc.subarray(TOPICS, { minLength: 1, maxLength: 3 }),
    fc.array(fc.array(fc.nat({ max: 999 }), { minLength: 24, maxLength: 24 }), {
      maxLength: 30,
      size: 'max',
    }),
  )
  .map(([beginning, topics, steps]) => journalFrom(beginning, topics, steps))

function timeOf({ day, body }: JournalEntry): Minute {
  // The test journal always gives a time of day.
  const { at } = body as { at: string }
  return (parseDay(day) ?? 0) + (parseClock(at) ?? 0)
}

interface Step {
  readonly entry: JournalEntry
  readonly before: Replay
  readonly after: Replay
  readonly wasAccepted: boolean
}

/** What a reader saw after each entry, and just before it at the same minute. */
function steps({ entries }: Journal): Step[] {
  return entries.map((entry, index) => {
    const now = timeOf(entry)
    const before = replayCase(entries.slice(0, index), now, RULES)
    const after = replayCase(entries.slice(0, index + 1), now, RULES)
    return { entry, before, after, wasAccepted: after.notAccepted.every(({ entry: id }) => id !== entry.id) }
  })
}

function holds(check: (step: Step) => void, numRuns = 100): void {
  fc.assert(
    fc.property(randomJournal, (journal) => {
      for (const step of steps(journal)) check(step)
    }),
    { numRuns },
  )
}

it('moves a case only along its table', () => {
  holds(({ before, after }) => {
    const [from, to] = [before.state.status, after.state.status]
    if (from === to) return
    expect(CASE_TABLE.transitions.some((line) => line.from.includes(from) && line.to === to)).toBe(true)
  })
})

it('never has a closed case with a statutory clock running when it was closed', () => {
  holds(({ before, after }) => {
    if (before.state.status === 'closing' && after.state.status === 'closed')
      expect(hasStatutoryClock(after.state)).toBe(false)
  })
})

it('erases on her signature alone; what time erases is erased before any entry', () => {
  holds(({ entry, before, after }) => {
    if (before.state.status !== 'erased' && after.state.status === 'erased')
      expect([entry.role, entry.type]).toEqual(['survivor', 'case.erase'])
  })
})

it('never makes a member of somebody who is excluded, and forgets no exclusion', () => {
  holds(({ before, after }) => {
    for (const entry of after.state.excluded) {
      expect(after.state.members.has(entry)).toBe(false)
      expect(after.state.lead).not.toBe(entry)
      for (const { owner, state } of after.state.tasks.values())
        if (state === 'open') expect(owner).not.toBe(entry)
    }
    if (after.state.status !== 'erased')
      for (const entry of before.state.excluded) expect(after.state.excluded.has(entry)).toBe(true)
  })
})

it('lowers the risk from urgent only when a second person approves', () => {
  holds(({ entry, before, after }) => {
    const [was, is] = [before.state.risk, after.state.risk]
    if (was?.level !== 'urgent' || !is || !isLower(is.level, 'urgent')) return
    expect(entry.type).toBe('risk.approve-lower')
    expect(before.state.riskProposal?.by.id).not.toBe(entry.author)
  })
})

it('lets no proposer approve', () => {
  holds(({ entry, before, wasAccepted }) => {
    if (!wasAccepted) return
    const { about, place } = entry.body as { about?: string; place?: string }
    const proposers: Partial<Record<string, string | undefined>> = {
      'case.approve-close': before.state.closing?.by.id,
      'case.second-close': before.state.closing?.by.id,
      'case.mark-junk': before.state.junk?.by.id,
      'risk.approve-lower': before.state.riskProposal?.by.id,
      'place.approve-override': before.state.places.get(place ?? '')?.override?.by.id,
      'breakglass.approve': before.state.breakGlasses.get(about ?? '')?.by.id,
      'access.approve-delay': before.state.access.find(({ id }) => id === about)?.delay?.by.id,
    }
    if (entry.type in proposers) expect([undefined, entry.author]).not.toContain(proposers[entry.type])
  })
})

it('ends break-glass within 24 hours of its approval', () => {
  holds(({ entry, before, after }) => {
    for (const [id, use] of after.state.breakGlasses) {
      if (use.state !== 'active') continue
      expect(use.until).toBeGreaterThan(after.state.clock)
      if (before.state.breakGlasses.get(id)?.state === 'proposed')
        expect(use.until - timeOf(entry)).toBeLessThanOrEqual(DAY)
    }
  })
})

it('sends a notice when her choice is "now", the place is recorded, and consent and linter agree', () => {
  holds(({ after: { state } }) => {
    for (const notice of state.notices.values()) {
      const place = state.places.get(notice.place)
      if (!place) throw new Error('a notice has a place')
      const consent = refuseConsent(
        state.consents.get(notice.consent),
        { ...notice, purpose: 'takedown' },
        state.clock,
      )
      const missing = RULES.lintNotice(notice.noticeType, notice.content)
      const isUrgent = state.risk?.level === 'urgent'
      const question = { consent, missing, isUrgent, at: state.clock }
      if (consent === null && missing.length === 0 && place.chosenNowAt !== null && place.recordedAt !== null)
        expect(canSendNotice(place, question)).toBe(true)
    }
  })
})

it('takes no picture into a case of a minor, and leaves the minors path on no entry', () => {
  holds(({ before, after }) => {
    if (after.state.status === 'erased') return
    if (before.state.isMinorsPath) expect(after.state.isMinorsPath).toBe(true)
    if (before.state.isMinorsPath || before.state.ageBand !== 'adult')
      for (const [id, exhibit] of after.state.exhibits)
        if (exhibit.contentClass === 'picture' && before.state.exhibits.get(id)?.sha256 == null)
          expect(exhibit.sha256).toBe(null)
  })
})

it('cancels a statutory clock on her withdrawal alone', () => {
  holds(({ entry, before, after }) => {
    for (const [id, task] of before.state.tasks) {
      if (!task.isStatutory || task.state !== 'open') continue
      if (after.state.tasks.get(id)?.state === 'cancelled') expect(entry.type).toBe('case.withdraw-keep')
    }
  })
})

it('gives every order of arrival the same state and the same refusals', () => {
  fc.assert(
    fc.property(
      randomJournal.chain((journal) =>
        fc.tuple(
          fc.constant(journal),
          fc.shuffledSubarray(journal.entries, { minLength: journal.entries.length }),
        ),
      ),
      ([{ entries, now }, shuffled]) => {
        expect(replayCase(shuffled, now, RULES)).toEqual(replayCase(entries, now, RULES))
      },
    ),
    { numRuns: 150 },
  )
})

it('is left as it was by every entry it does not accept', () => {
  holds(({ before, after, wasAccepted }) => {
    if (!wasAccepted) expect(after.state).toEqual(before.state)
  })
})

it('accepts something of nearly every kind in these random journals, or the tests above say little', () => {
  const accepted = new Set<string>()
  const statuses = new Set<string>()
  for (const journal of fc.sample(randomJournal, { numRuns: 1500, seed: 7 })) {
    const { notAccepted, state } = replayCase(journal.entries, journal.now, RULES)
    const refused = new Set(notAccepted.map(({ entry }) => entry))
    statuses.add(state.status)
    for (const { id, type } of journal.entries) if (!refused.has(id)) accepted.add(type)
  }
  expect([...statuses].sort()).toEqual([...CASE_TABLE.states].sort())
  expect(accepted.size / Object.keys(EVENTS).length).toBeGreaterThan(0.8)
})

it('never throws, whatever an entry holds', () => {
  const anyBody = fc.oneof(fc.anything(), fc.dictionary(fc.string(), fc.anything()))
  fc.assert(
    fc.property(randomJournal, fc.infiniteStream(anyBody), ({ entries, now }, bodies) => {
      const hostile = entries.map((entry, index) =>
        index % 2 === 0 ? entry : { ...entry, body: bodies.next().value },
      )
      const { notAccepted } = replayCase(hostile, now, RULES)
      expect(notAccepted.length).toBeLessThanOrEqual(hostile.length)
    }),
    { numRuns: 150 },
  )
})

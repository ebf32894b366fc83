import { describe, expect, it } from 'vitest'
import { accessView } from './access/access-view.ts'
import { Journal, lastCode, RULES, stateOf } from './testing/journal.ts'
import { DAY, dayOf, HOUR, momentOf } from './time.ts'

const MINORS_RULES = { ...RULES, minorsTeam: new Set(['chief']) }

function openKinds(journal: Journal, rules = RULES): string[] {
  return [...stateOf(journal, rules).tasks.values()]
    .filter((task) => task.state === 'open')
    .map(({ kind }) => kind)
}

describe('membership', () => {
  it('is hers to give at first, without those she excludes, and then a member’s', () => {
    const journal = new Journal().submit({ members: ['worker', 'other', 'chief'], exclude: ['other'] })
    expect([...stateOf(journal).members.keys()]).toEqual(['worker', 'chief'])
    expect(lastCode(journal.say('other', 'case.open'))).toBe('NOT_A_MEMBER')
    journal.say('worker', 'member.add', { entry: 'other', entryRole: 'caseworker' })
    expect(lastCode(journal)).toBe('CASE_EXCLUDED_RECIPIENT')
    expect(lastCode(journal.say('worker', 'member.add', { entry: 'third', entryRole: 'intake' }))).toBe(null)
    expect(lastCode(journal.say('worker', 'member.add', { entry: 'third', entryRole: 'intake' }))).toBe(
      'ID_TAKEN',
    )
    const lie = { entry: 'deputy', entryRole: 'caseworker' }
    expect(lastCode(journal.say('worker', 'member.add', lie))).toBe('ROLE_NOT_ALLOWED')
    const analyst = { entry: 'matcher', entryRole: 'match-officer' }
    expect(lastCode(journal.say('worker', 'member.add', analyst))).toBe('ROLE_NOT_ALLOWED')
  })

  it('of an interpreter is one session, in which she writes and does nothing else', () => {
    const journal = new Journal().activate()
    const add = { entry: 'helper', entryRole: 'interpreter' }
    expect(lastCode(journal.say('worker', 'member.add', add))).toBe('BODY_INVALID')
    const tooLong = { ...add, until: momentOf(journal.now + DAY + 1) }
    expect(lastCode(journal.say('worker', 'member.add', tooLong))).toBe('BODY_INVALID')
    journal.say('worker', 'member.add', { ...add, until: momentOf(journal.now + HOUR) })
    expect(lastCode(journal.say('helper', 'message.write', { text: 'she says yes' }))).toBe(null)
    expect(lastCode(journal.say('helper', 'exhibit.reference', { id: 'x' }))).toBe('ROLE_NOT_ALLOWED')
    journal.wait(HOUR).say('helper', 'message.write', { text: 'later' })
    expect(lastCode(journal)).toBe('SESSION_OVER')
  })

  it('of a colleague from another organisation for one session is that of an interpreter', () => {
    const journal = new Journal().activate()
    journal.say('worker', 'member.add', {
      entry: 'outsider',
      entryRole: 'caseworker',
      until: momentOf(journal.now + HOUR),
    })
    expect(lastCode(journal.say('outsider', 'message.write', { text: 'hello' }))).toBe(null)
    expect(lastCode(journal.say('outsider', 'safety-plan.review'))).toBe('ROLE_NOT_ALLOWED')
  })

  it('is nothing that can be said of the survivor: nobody makes her an interpreter, or excludes her', () => {
    const journal = new Journal().activate()
    const add = { entry: 'survivor', entryRole: 'interpreter', until: momentOf(journal.now + 1) }
    expect(lastCode(journal.say('chief', 'member.add', add))).toBe('BODY_INVALID')
    expect(lastCode(journal.say('chief', 'member.exclude', { entry: 'survivor' }))).toBe('BODY_INVALID')
    const handover = { id: 'h', to: 'survivor', summary: 's' }
    expect(lastCode(journal.say('chief', 'handover.offer', handover))).toBe('BODY_INVALID')
    expect(lastCode(new Journal().submit({ members: ['worker', 'survivor'] }))).toBe('BODY_INVALID')
    expect(
      lastCode(journal.wait(1).say('survivor', 'place.choose-now', { place: 'p', costSeen: true })),
    ).toBe(null)
  })

  it('ends with one click, passes tasks on as any handover does, and asks for a new key', () => {
    const journal = new Journal()
      .activate()
      .say('worker', 'task.create', { id: 't1', kind: 'call', owner: 'other' })
    journal.say('other', 'member.recuse')
    const { members, tasks, needsNewEpoch } = stateOf(journal)
    expect([members.has('other'), needsNewEpoch, tasks.get('t1')?.state]).toEqual([
      false,
      true,
      'handed-over',
    ])
    expect(tasks.get('t1@e7')).toMatchObject({ state: 'open', owner: 'worker', kind: 'call' })
    expect(lastCode(journal.say('other', 'message.write', { text: 'x' }))).toBe('NOT_A_MEMBER')
    const third = { epoch: 3, epochReason: 'member-left' }
    expect(lastCode(journal.say('worker', 'epoch.new', third))).toBe('EPOCH_UNTRUSTED')
    const intake = { entry: 'third', entryRole: 'intake' }
    journal.say('worker', 'member.add', intake).say('third', 'epoch.new', { ...third, epoch: 2 })
    expect(lastCode(journal)).toBe('EPOCH_UNTRUSTED')
    expect(lastCode(journal.say('worker', 'epoch.new', { ...third, epoch: 2 }))).toBe(null)
    expect(stateOf(journal)).toMatchObject({ epoch: 2, needsNewEpoch: false })
    expect(openKinds(journal)).not.toContain('new-epoch')
  })

  it('ends for good when somebody is excluded, whoever says so, lead and offers included', () => {
    const journal = new Journal()
      .activate()
      .say('other', 'handover.offer', { id: 'h1', to: 'worker', summary: 's' })
    journal.say('survivor', 'member.exclude', { entry: 'worker' })
    expect(stateOf(journal)).toMatchObject({ lead: null, needsNewEpoch: true })
    expect(stateOf(journal).handovers.get('h1')?.state).toBe('declined')
    expect(lastCode(journal.say('worker', 'handover.accept', { about: 'h1' }))).toBe('TRANSITION_REFUSED')
    expect(lastCode(journal.say('other', 'handover.offer', { id: 'h2', to: 'worker', summary: 's' }))).toBe(
      'CASE_EXCLUDED_RECIPIENT',
    )
    expect(openKinds(journal)).toContain('new-epoch')
  })
})

describe('a handover', () => {
  it('leaves the duty with the giver until it is accepted, then passes lead, tasks and clocks', () => {
    const journal = new Journal().activate()
    journal.say('worker', 'clock.start', {
      id: 'k1',
      kind: 'police-report',
      due: momentOf(journal.now + DAY),
    })
    journal.say('worker', 'handover.offer', { id: 'h1', to: 'third', summary: 'what was done' })
    expect(stateOf(journal)).toMatchObject({ lead: 'worker' })
    expect(lastCode(journal.say('other', 'handover.accept', { about: 'h1' }))).toBe('ROLE_NOT_ALLOWED')
    expect(lastCode(journal.say('third', 'handover.accept', { about: 'h1' }))).toBe(null)
    const { lead, members, tasks } = stateOf(journal)
    expect([lead, members.get('third')?.role, tasks.get('k1')?.state]).toEqual([
      'third',
      'intake',
      'handed-over',
    ])
    expect(tasks.get('k1@e9')).toMatchObject({ owner: 'third', isStatutory: true, state: 'open' })
    expect(openKinds(journal)).toContain('tell-survivor-new-person')
    const cancel = { task: 'k1@e9', reason: 'x' }
    expect(lastCode(journal.say('third', 'task.cancel', cancel))).toBe('CLOCK_NOT_CANCELLABLE')
    expect(lastCode(journal.say('third', 'clock.met', { task: 'k1@e9', reference: 'report 7' }))).toBe(null)
  })

  it('is not accepted by somebody whom the minors path has shut out since it was offered', () => {
    const journal = new Journal()
      .activate()
      .say('worker', 'handover.offer', { id: 'h1', to: 'third', summary: 's' })
    journal.say('survivor', 'minors.age-band', { ageBand: 'under-18-now' })
    expect(lastCode(journal.say('third', 'handover.accept', { about: 'h1' }))).toBe('MINORS_TEAM_ONLY')
  })

  it('is declined with a reason, and not offered to oneself', () => {
    const journal = new Journal().activate()
    expect(lastCode(journal.say('worker', 'handover.offer', { id: 'h', to: 'worker', summary: 's' }))).toBe(
      'SELF_APPROVAL',
    )
    journal.say('worker', 'handover.offer', { id: 'h1', to: 'other', summary: 's' })
    expect(lastCode(journal.say('other', 'handover.decline', { about: 'h1' }))).toBe('BODY_INVALID')
    journal.say('other', 'handover.decline', { about: 'h1', reason: 'on leave' })
    expect(stateOf(journal).handovers.get('h1')?.state).toBe('declined')
    expect(stateOf(journal).lead).toBe('worker')
  })
})

describe('the minors path', () => {
  const minor = () =>
    new Journal().activate().say('survivor', 'minors.age-band', { ageBand: 'under-18-in-picture' })

  it('opens on her own answer, or when a member confirms what the age band says', () => {
    expect(stateOf(minor())).toMatchObject({ isMinorsPath: true, needsNewEpoch: true })
    const journal = new Journal().activate()
    expect(lastCode(journal.say('worker', 'case.minors-confirmed'))).toBe('AGE_NOT_UNDER_18')
    journal.say('worker', 'minors.age-band', { ageBand: 'under-18-now' })
    expect(stateOf(journal).isMinorsPath).toBe(false)
    journal.say('worker', 'case.minors-confirmed')
    expect(stateOf(journal)).toMatchObject({ isMinorsPath: true, status: 'active' })
  })

  it('is open to the minors team alone once the case has its new key', () => {
    const journal = minor().say('worker', 'member.add', { entry: 'other', entryRole: 'caseworker' })
    const epoch = { epoch: 2, epochReason: 'member-left' }
    expect(
      lastCode(new Journal().activate().say('worker', 'member.add', { entry: 'third', entryRole: 'intake' })),
    ).toBe(null)
    expect(lastCode(journal.say('worker', 'member.add', { entry: 'third', entryRole: 'intake' }))).toBe(
      'MINORS_TEAM_ONLY',
    )
    expect(lastCode(journal.say('worker', 'epoch.new', epoch))).toBe('MINORS_TEAM_MISSING')
    journal
      .say('worker', 'member.add', { entry: 'minors', entryRole: 'minors-team' })
      .say('worker', 'epoch.new', epoch)
    expect([...stateOf(journal).members.keys()]).toEqual(['minors'])
    expect(stateOf(journal).lead).toBe(null)
    expect(lastCode(journal.say('worker', 'message.write', { text: 'x' }))).toBe('NOT_A_MEMBER')
  })

  it('keeps the supervisor whom the organisation counts to the minors team, so that a case can be closed', () => {
    const journal = minor().say('worker', 'member.add', { entry: 'minors', entryRole: 'minors-team' })
    journal.say('worker', 'epoch.new', { epoch: 2, epochReason: 'member-left' })
    expect([...stateOf(journal, MINORS_RULES).members.keys()]).toEqual(['chief', 'minors'])
    journal
      .say('minors', 'safety-plan.review')
      .say('minors', 'case.propose-close', { closeReason: 'goals-met' })
    journal.say('survivor', 'case.agree-close').say('chief', 'case.approve-close')
    expect(stateOf(journal, MINORS_RULES).closed?.keptUntil).toBe(journal.now + 30 * DAY)
  })

  it('neither opens, preserves nor sends a picture that was taken before', () => {
    const journal = new Journal()
      .activate()
      .consent('c1', 'police', 'investigate', { dataClasses: ['exhibits'], exhibits: ['x1', 'x2'] })
    for (const id of ['x1', 'x2']) {
      journal.say('worker', 'exhibit.reference', { id })
      journal.say('worker', 'exhibit.capture', {
        about: id,
        contentClass: 'picture',
        sha256: 'ab'.repeat(32),
      })
    }
    const preserve = (id: string) => ({ about: id, record: 'ab'.repeat(32) })
    const preview = { about: 'r1', previewSha256: 'ab'.repeat(32) }
    journal
      .say('worker', 'exhibit.preserve', preserve('x1'))
      .say('worker', 'referral.draft', {
        id: 'r1',
        agency: 'police',
        consent: 'c1',
        purpose: 'investigate',
        dataClasses: ['exhibits'],
        exhibits: ['x1'],
      })
      .say('worker', 'referral.preview', preview)
      .say('survivor', 'referral.confirm-preview', preview)
      .say('survivor', 'minors.age-band', { ageBand: 'under-18-now' })
    expect(openKinds(journal)).toContain('withhold-pictures')
    expect(lastCode(journal.say('worker', 'exhibit.preserve', preserve('x2')))).toBe('MINOR_PICTURE_REFUSED')
    const open = { about: 'x1', openingReason: 'notice-needs-it', description: 'x' }
    expect(lastCode(journal.say('worker', 'exhibit.open', open))).toBe('MINOR_PICTURE_REFUSED')
    const sent = journal.say('worker', 'referral.send', { ...preview, channel: 'sealed' })
    expect(lastCode(sent)).toBe('MINOR_PICTURE_REFUSED')
  })

  it('shows the statutory notice, which nothing but showing it ticks off', () => {
    const journal = minor()
    const notice = [...stateOf(journal).tasks.values()].find(({ kind }) => kind === 'statutory-notice')
    expect(lastCode(journal.say('worker', 'task.done', { task: notice?.id }))).toBe('TASK_LOCKED')
    journal.say('worker', 'minors.notice-shown', { wordingVersion: 'v3' })
    expect(stateOf(journal).tasks.get(notice?.id ?? '')).toMatchObject({ state: 'done', outcome: 'v3' })
  })

  it.each([{ ageBand: 'under-18-now' }, { ageBand: 'prefer-not' }, {}])(
    'or no answer takes no picture: %o',
    (answer) => {
      const journal = new Journal().say('survivor', 'case.submit', {
        members: ['worker'],
        exclude: [],
        ...answer,
      })
      journal.say('survivor', 'exhibit.reference', { id: 'x' })
      const capture = { about: 'x', contentClass: 'picture', sha256: 'ab'.repeat(32) }
      expect(lastCode(journal.say('survivor', 'exhibit.capture', capture))).toBe('MINOR_PICTURE_REFUSED')
      expect(lastCode(journal.say('survivor', 'exhibit.capture', { ...capture, contentClass: 'page' }))).toBe(
        null,
      )
    },
  )
})

describe('what she can see', () => {
  it('is who did what to whom in which week, by role and not by name', () => {
    const journal = new Journal().activate().say('worker', 'message.write', { text: 'hello' })
    expect(accessView(stateOf(journal), journal.now)).toMatchObject([
      { what: 'case.submit', role: 'survivor', week: '2026-W10' },
      { what: 'case.open', role: 'caseworker', week: '2026-W10' },
      { what: 'risk.set', role: 'caseworker' },
      { what: 'case.accept', role: 'caseworker' },
    ])
    expect(JSON.stringify(accessView(stateOf(journal), journal.now))).not.toContain('"worker"')
  })

  it('is delayed by two people, once, for 30 days at most', () => {
    const journal = new Journal().activate()
    const delay = (days: number) => ({
      about: 'e2',
      untilDay: dayOf(journal.now + days * DAY),
      reason: 'he reads along',
    })
    expect(lastCode(journal.say('worker', 'access.propose-delay', delay(31)))).toBe('DELAY_TOO_LONG')
    expect(lastCode(journal.say('chief', 'access.approve-delay', { about: 'e2' }))).toBe('NO_PROPOSAL')
    journal
      .say('chief', 'access.propose-delay', delay(30))
      .say('chief', 'access.approve-delay', { about: 'e2' })
    expect(lastCode(journal)).toBe('SELF_APPROVAL')
    expect(accessView(stateOf(journal), journal.now).some(({ id }) => id === 'e2')).toBe(true)
    expect(lastCode(journal.say('deputy', 'access.approve-delay', { about: 'e2' }))).toBe(null)
    expect(accessView(stateOf(journal), journal.now).some(({ id }) => id === 'e2')).toBe(false)
    expect(accessView(stateOf(journal), journal.now + 31 * DAY).some(({ id }) => id === 'e2')).toBe(true)
    journal.wait(20 * DAY).say('worker', 'access.propose-delay', delay(30))
    expect(lastCode(journal.say('deputy', 'access.approve-delay', { about: 'e2' }))).toBe(
      'TRANSITION_REFUSED',
    )
  })
})

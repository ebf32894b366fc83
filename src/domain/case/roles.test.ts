import { expect, it } from 'vitest'
import { EVENTS } from './events.ts'
import { replayCase } from './replay.ts'
import { ACTIONS, isSamePerson, permissionOf, printRoles, ROLES } from './roles.ts'
import { Journal, PEOPLE, type Person, RULES } from './testing/journal.ts'

it('gives each role what the table of roles says', () => {
  const cells = (action: (typeof ACTIONS)[number]) =>
    (
      [
        'survivor',
        'caseworker',
        'supervisor',
        'minors-team',
        'match-officer',
        'oversight',
        'administrator',
        'witness',
      ] as const
    ).map((role) => permissionOf(role, action))
  expect(cells('read-case')).toEqual(['own', 'yes', 'yes', 'minors-cases', 'no', 'no', 'no', 'no'])
  expect(cells('write')).toEqual(['own', 'yes', 'yes', 'yes', 'no', 'no', 'no', 'no'])
  expect(cells('set-risk')).toEqual(['no', 'yes', 'overrule', 'yes', 'no', 'no', 'no', 'no'])
  expect(cells('consent')).toEqual(['yes', 'record', 'record', 'minors-path', 'no', 'no', 'no', 'no'])
  expect(cells('send')).toEqual(['approve', 'with-consent', 'yes', 'yes', 'no', 'no', 'no', 'no'])
  expect(cells('add-member')).toEqual(['no', 'yes', 'yes', 'yes', 'no', 'no', 'no', 'no'])
  expect(cells('break-glass')).toEqual([
    'no',
    'propose',
    'second-person',
    'propose',
    'no',
    'review',
    'no',
    'no',
  ])
  expect(cells('view-picture')).toEqual(['no', 'with-reason', 'with-reason', 'no', 'no', 'no', 'no', 'no'])
  expect(cells('escrow')).toEqual(['decide', 'send', 'no', 'no', 'open-matches', 'audit', 'no', 'no'])
  expect(cells('audit-log')).toEqual(['own-list', 'no', 'no', 'no', 'no', 'yes', 'sealed-only', 'no'])
  expect(cells('statistics-release')).toEqual([
    'no',
    'no',
    'first-signature',
    'no',
    'no',
    'second-signature',
    'no',
    'no',
  ])
  for (const action of ACTIONS)
    expect(permissionOf('intake', action)).toBe(permissionOf('caseworker', action))
})

it('refuses every role every kind of entry for which its cell is not one that permits it', () => {
  for (const [type, rule] of Object.entries(EVENTS))
    for (const author of Object.keys(PEOPLE)) {
      const journal = new Journal().activate({ members: Object.keys(PEOPLE).slice(1) })
      // Both come from the tables just above.
      journal.say(author as Person, type as keyof typeof EVENTS)
      const { notAccepted } = replayCase(journal.entries, journal.now, RULES)
      const may = rule.permits.includes(permissionOf(PEOPLE[author as Person], rule.action))
      expect([
        type,
        author,
        notAccepted[0]?.code === 'ROLE_NOT_ALLOWED' && notAccepted[0].entry === 'e6',
      ]).toEqual([type, author, !may])
    }
})

it('knows one person by either her roster entry or her key', () => {
  const her = { id: 'a', key: 'k' }
  expect(isSamePerson(her, { id: 'b', key: 'k' })).toBe(true)
  expect(isSamePerson(her, { id: 'a', key: 'l' })).toBe(true)
  expect(isSamePerson(her, { id: 'b', key: 'l' })).toBe(false)
})

it('prints the table with one line per action', () => {
  const lines = printRoles().trim().split('\n')
  expect(lines).toHaveLength(ACTIONS.length + 2)
  expect(lines[0]).toBe(`| Action | ${ROLES.join(' | ')} |`)
})

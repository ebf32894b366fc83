import { expect, it } from 'vitest'
import type { Identifier } from '#lib/chat/index.ts'
import { IdentifierLedger } from './identifier-ledger.ts'

const identifier = (value: string): Identifier => ({
  kind: 'phone',
  where: 'text',
  start: 0,
  end: 1,
  value,
  masked: `masked ${value.length}`,
  confidence: 'sure',
})

it('counts each identifier, most frequent first, without its value', () => {
  const ledger = new IdentifierLedger()
  ledger.add(identifier('+60120000001'), '1')
  for (let id = 0; id < 30; id++) ledger.add(identifier('+6012000000'), String(id))
  const [first, second] = ledger.lines()
  expect([first?.count, second?.count]).toEqual([30, 1])
  expect(first?.messageIds).toHaveLength(20)
  expect(JSON.stringify(ledger.lines())).not.toContain('6012000')
})

it('keeps two identifiers apart that look alike masked', () => {
  const ledger = new IdentifierLedger()
  ledger.add(identifier('+60120000001'), '1')
  ledger.add(identifier('+60120000002'), '2')
  expect(ledger.lines().map(({ count }) => count)).toEqual([1, 1])
})

it('only counts new ones of a kind past 5 000, and leaves room for the other kinds', () => {
  const ledger = new IdentifierLedger()
  for (let i = 0; i < 5_005; i++) ledger.add({ ...identifier(`@${i}`), kind: 'handle' }, null)
  ledger.add({ ...identifier('@0'), kind: 'handle' }, null)
  ledger.add(identifier('+60120000123'), '7')
  expect([ledger.lines().length, ledger.notListed, ledger.lines()[0]?.count]).toEqual([5_001, 5, 2])
  expect(ledger.lines().filter(({ kind }) => kind === 'phone')).toHaveLength(1)
})

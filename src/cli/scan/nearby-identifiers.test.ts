import { expect, it } from 'vitest'
import type { Identifier } from '#lib/chat/index.ts'
import { NearbyIdentifiers } from './nearby-identifiers.ts'

const identifier = (masked: string): Identifier => ({
  kind: 'phone',
  where: 'text',
  start: 0,
  end: 1,
  value: `+60120000123 ${masked}`,
  masked,
  confidence: 'sure',
})

it('gives what was posted up to three messages before and after a picture, masked', () => {
  const nearby = new NearbyIdentifiers()
  for (let seq = 0; seq < 12; seq++) {
    nearby.mention(seq, `id-${seq}`, [identifier(`m${seq}`)])
    if (seq === 5) nearby.picture(seq)
  }
  const { identifiers: around } = nearby.around(5)
  expect(around.map(({ masked, messagesApart }) => [masked, messagesApart])).toEqual([
    ['m2', -3],
    ['m3', -2],
    ['m4', -1],
    ['m5', 0],
    ['m6', 1],
    ['m7', 2],
    ['m8', 3],
  ])
  expect(around[0]?.messageId).toBe('id-2')
  expect(JSON.stringify(around)).not.toContain('60120000123')
})

it('forgets what no picture is near', () => {
  const nearby = new NearbyIdentifiers()
  nearby.mention(1, '1', [identifier('m1')])
  nearby.picture(5)
  nearby.mention(9, '9', [identifier('m9')])
  expect(nearby.around(5)).toEqual({ identifiers: [], leftOut: 0 })
})

it('tells each identifier once, from the nearest message, and only so many', () => {
  const nearby = new NearbyIdentifiers()
  nearby.mention(4, '4', [identifier('same')])
  nearby.picture(5)
  nearby.mention(5, '5', [identifier('same')])
  nearby.mention(
    6,
    '6',
    Array.from({ length: 5_000 }, (_, i) => identifier(`flood ${i}`)),
  )
  const { identifiers, leftOut } = nearby.around(5)
  expect(identifiers).toHaveLength(50)
  expect(leftOut).toBe(151)
  expect(identifiers.filter(({ masked }) => masked === 'same')).toMatchObject([{ messagesApart: 0 }])
})

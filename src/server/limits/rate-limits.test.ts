import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { TestClock } from '../testing/world.ts'
import { DEFAULT_LIMITS, RateLimits } from './rate-limits.ts'

function limits() {
  const clock = new TestClock()
  return {
    clock,
    limits: new RateLimits(DEFAULT_LIMITS, clock, (bytes) => new Uint8Array(randomBytes(bytes))),
  }
}

it('counts by place and hour', () => {
  const { clock, limits: counted } = limits()
  expect(counted.count('fetch', '192.0.2.1')).toBe(1)
  expect(counted.count('fetch', '192.0.2.1')).toBe(2)
  expect(counted.count('fetch', '192.0.2.2')).toBe(1)
  expect(counted.count('open', '192.0.2.1')).toBe(1)
  clock.advanceMs(3_600_000)
  expect(counted.count('fetch', '192.0.2.1')).toBe(1)
})

it('takes the addresses of one IPv6 network for one place, however they are written', () => {
  const { limits: counted } = limits()
  const same = [
    '2001:db8:1:2::1',
    '2001:DB8:1:2:ffff::',
    '2001:0db8:0001:0002:0:0:0:7',
    '2001:db8:1:2::%eth0',
  ]
  expect(same.map((address) => counted.count('open', address))).toEqual([1, 2, 3, 4])
  expect(counted.count('open', '2001:db8:1:3::1')).toBe(1)
  expect(counted.count('open', '::1')).toBe(1)
  expect(counted.count('open', '192.0.2.1')).toBe(1)
  expect(counted.count('open', '::ffff:192.0.2.1')).toBe(2)
})

it('holds no address in any form that can be read back', () => {
  const { limits: counted } = limits()
  counted.count('open', '192.0.2.77')
  expect(JSON.stringify(counted)).not.toContain('192.0.2.77')
})

it('tells how much comes in by the minute, for the minute after too', () => {
  const { clock, limits: counted } = limits()
  for (let i = 0; i < 400; i++) counted.count('open', `192.0.2.${i % 250}`)
  expect(counted.pressure).toBe(2)
  clock.advanceMs(60_000)
  expect(counted.pressure).toBe(2)
  clock.advanceMs(60_000)
  expect(counted.pressure).toBe(0)
})

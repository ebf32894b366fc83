import { expect, it } from 'vitest'
import { hybridIdentityOf } from '../keys/identity.ts'
import { systemRandom } from '../keys/random.ts'
import { startCase } from './case-key.ts'
import { type Slot, sealSlots } from './slots.ts'
import { WRAP_BYTES } from './wrap.ts'

// Each wrap costs about 10 ms to make; VITE_SEAL_WRAPS=10000 is the slow run.
const environment: { VITE_SEAL_WRAPS?: string } = Object(Reflect.get(import.meta, 'env'))
const compared = Number(environment.VITE_SEAL_WRAPS ?? 200)
// Version line and the start of the stanza: the same text in every wrap.
const FIXED_BYTES = 40

it('gives wraps nobody can open the bytes of wraps somebody can open', async () => {
  const key = await startCase(systemRandom(32), systemRandom)
  const { recipient } = await hybridIdentityOf(systemRandom(32))
  const real: Slot[] = []
  const filler: Slot[] = []
  while (real.length < compared) {
    const address = 'AAAAAAAAAAAAAAAAAAAAAA'
    for (const slot of await sealSlots(key, [{ address, recipient }], systemRandom, { slots: 2 }))
      (slot.address === address ? real : filler).push(slot)
  }
  const text = (slots: readonly Slot[]) => slots.map(({ wrap }) => wrap.subarray(0, FIXED_BYTES))
  expect(new Set([...text(real), ...text(filler)].map(String)).size).toBe(1)
  expect(new Set([...real, ...filler].map(({ wrap }) => wrap.length))).toEqual(new Set([WRAP_BYTES]))

  // Mean of every byte behind it: the largest difference of 1,747 must be one that chance gives, five deviations or so.
  let largest = 0
  for (let at = FIXED_BYTES; at < WRAP_BYTES; at++) {
    const [a, b] = [statistics(real, at), statistics(filler, at)]
    const spread = Math.sqrt((a.variance + b.variance) / compared)
    if (spread === 0) expect(a.mean, `byte ${at}`).toBe(b.mean)
    else largest = Math.max(largest, Math.abs(a.mean - b.mean) / spread)
  }
  expect(largest).toBeLessThan(6)
})

function statistics(slots: readonly Slot[], at: number): { mean: number; variance: number } {
  const values = slots.map(({ wrap }) => wrap[at] ?? 0)
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  return { mean, variance }
}

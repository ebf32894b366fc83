import fc from 'fast-check'
import { expect } from 'vitest'
import { ExactIndex, type Hit } from '#lib/radius/index.ts'
import type { AsyncRadiusIndex } from '../bands/index.ts'
import { bruteForce } from './prints.ts'

/** One call of the port, for interleaving them. */
export type Command =
  | {
      readonly kind: 'add' | 'query'
      readonly id: number
      readonly print: Uint8Array
      readonly radius: number
    }
  | { readonly kind: 'remove'; readonly id: number }
  | { readonly kind: 'size' }

// Few ids and few bits: so that ids collide and prints are near one another.
const smallId = fc.integer({ min: 0, max: 12 })
const nearPrint = fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 30 }).map((bits) => {
  const print = new Uint8Array(32)
  for (const bit of bits) print[bit >>> 3] = (print[bit >>> 3] ?? 0) ^ (1 << (bit & 7))
  return print
})
const radius = fc.integer({ min: 0, max: 31 })
export const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ kind: fc.constantFrom('add', 'query'), id: smallId, print: nearPrint, radius }),
  fc.record({ kind: fc.constant('remove'), id: smallId }),
  fc.record({ kind: fc.constant('size') }),
)

/** Each call on the index, on the index in process and on a plain map: all three must answer alike. */
export async function runBeside(commands: readonly Command[], banded: AsyncRadiusIndex): Promise<void> {
  const exact = new ExactIndex()
  const model = new Map<number, Uint8Array>()
  for (const step of commands) {
    if (step.kind === 'add') {
      const outcome = await banded.add(step.id, step.print).catch((error) => error.code)
      expect(outcome).toBe(model.has(step.id) ? 'DUPLICATE_ID' : undefined)
      if (outcome !== undefined) continue
      model.set(step.id, step.print)
      exact.add(step.id, step.print)
    } else if (step.kind === 'query') {
      const hits: Hit[] = await banded.query(step.print, step.radius)
      expect(hits).toEqual(bruteForce(model, step.print, step.radius))
      expect(hits).toEqual(exact.query(step.print, step.radius))
    } else if (step.kind === 'remove') {
      expect(await banded.remove(step.id)).toBe(model.delete(step.id))
      exact.remove(step.id)
    } else {
      expect(await banded.size()).toBe(model.size)
    }
  }
}

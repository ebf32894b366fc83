import { setTimeout } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { type BatchWork, OrderedBatches } from './ordered-batches.ts'

function batches(options: Partial<BatchWork<number, number>> = {}) {
  const handled: number[] = []
  const sizes: number[] = []
  const made = new OrderedBatches<number, number>({
    maxItems: 3,
    maxBatches: 2,
    work: async (items) => {
      sizes.push(items.length)
      // Later ones are done first.
      await setTimeout(20 - Math.min(20, items[0] ?? 0))
      return items.map((item) => item * 10)
    },
    handle: async (item, result) => {
      expect(result).toBe(item * 10)
      handled.push(item)
    },
    ...options,
  })
  return { made, handled, sizes }
}

it('handles results in the order of the items, whichever is done first', async () => {
  const { made, handled, sizes } = batches()
  for (let n = 0; n < 20; n++) await made.push(n)
  await made.end()
  expect(handled).toEqual(Array.from({ length: 20 }, (_, n) => n))
  expect(sizes).toEqual([3, 3, 3, 3, 3, 3, 2])
})

it('begins with what there is when told that no more may come', async () => {
  const { made, handled, sizes } = batches()
  await made.push(1)
  made.flush()
  made.flush()
  while (handled.length === 0) await setTimeout(1)
  expect(sizes).toEqual([1])
})

it('takes no more than the batches it may hold', async () => {
  const { made, sizes } = batches({ work: () => new Promise(() => undefined) })
  let taken = 0
  const all = (async () => {
    for (; taken < 100; taken++) await made.push(taken)
  })()
  await Promise.race([all, setTimeout(50)])
  expect(taken).toBe(8)
  expect(sizes).toEqual([])
})

it.each(['work', 'handle'] as const)('throws what %s throws and handles nothing after it', async (where) => {
  const { made, handled } = batches({
    [where]: async (given: number | readonly number[]) => {
      if (where === 'handle' && given === 0) return handled.push(0)
      throw new Error('broken')
    },
  })
  await made.push(0)
  await made.push(1)
  await expect(made.end()).rejects.toThrow('broken')
  await expect(made.end()).rejects.toThrow('broken')
  expect(handled).toEqual(where === 'work' ? [] : [0])
})

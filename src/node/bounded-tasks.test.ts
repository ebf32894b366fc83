import { setImmediate as turn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { BoundedTasks } from './bounded-tasks.ts'

it('runs no more at once than it may, and all of them', async () => {
  const tasks = new BoundedTasks(3)
  let underWay = 0
  let most = 0
  let done = 0
  for (let i = 0; i < 20; i++) {
    await tasks.start(async () => {
      most = Math.max(most, ++underWay)
      await turn()
      underWay--
      done++
    })
  }
  await tasks.drain()
  expect([most, done]).toEqual([3, 20])
})

it('throws the first failure at the next start, and no task begins after it', async () => {
  const tasks = new BoundedTasks(2)
  await tasks.start(() => Promise.reject(new RangeError('first')))
  let hasBegun = false
  const next = tasks.start(async () => {
    hasBegun = true
  })
  await expect(next).rejects.toThrow('first')
  expect(hasBegun).toBe(false)
})

it('throws a failure at the end, after what was under way has ended', async () => {
  const tasks = new BoundedTasks(2)
  let hasEnded = false
  await tasks.start(async () => {
    await turn()
    throw new RangeError('late')
  })
  await tasks.start(async () => {
    await turn()
    await turn()
    hasEnded = true
  })
  await expect(tasks.drain()).rejects.toThrow('late')
  expect(hasEnded).toBe(true)
})

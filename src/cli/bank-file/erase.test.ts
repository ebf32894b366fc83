import { mkdirSync, readdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { openBank, type RegisteredPicture, readBank } from './index.ts'
import { encodeRecord } from './record.ts'
import { bankPath, refusedWith, syntheticPicture, withWindows } from './testing.ts'

/** What a bank holds of a picture, as it stands in the file. */
function tracesOf({ sha256, md5, prints, windows }: RegisteredPicture): string[] {
  const rows = windows ? [windows.rows.slice(0, 60), windows.rows.slice(-60)] : []
  return [sha256, md5, ...prints.map(({ pdq }) => pdq), ...rows]
}

async function fill(path: string, pictures: Record<string, RegisteredPicture[]>): Promise<void> {
  const bank = await openBank(path, { create: true })
  for (const [entry, own] of Object.entries(pictures)) await bank.appendPictures(entry, own)
  await bank.close()
}

async function withdraw(path: string, entry: string) {
  const bank = await openBank(path)
  try {
    return await bank.withdrawEntry(entry)
  } finally {
    await bank.close()
  }
}

it('leaves nothing of a withdrawn picture in the file, and every other line as it was', async () => {
  const path = bankPath()
  const gone = [withWindows('a', 120), syntheticPicture('b', 40)]
  const kept = withWindows('c', 30)
  await fill(path, { e1: gone, e2: [kept], e3: [syntheticPicture('d')] })
  const before = readFileSync(path, 'latin1').split('\n')
  expect(await withdraw(path, 'e1')).toEqual({ wasWithdrawnBefore: false, isErased: true })

  const after = readFileSync(path, 'latin1')
  for (const trace of gone.flatMap(tracesOf)) expect(after).not.toContain(trace)
  expect(after.split('\n').slice(3, 5)).toEqual(before.slice(3, 5))
  const { entries, faults } = await readBank(path)
  expect(faults).toEqual([])
  expect(entries.map(({ id, state, pictures }) => [id, state, pictures.length])).toEqual([
    ['e1', 'withdrawn', 0],
    ['e2', 'active', 1],
    ['e3', 'active', 1],
  ])
  expect(entries[1]?.pictures).toEqual([kept])
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(readdirSync(dirname(path))).toEqual(['bank.jsonl'])
})

it('keeps when an erased entry was registered and withdrawn, and lets nothing be registered under it', async () => {
  const path = bankPath()
  let time = Date.UTC(2026, 0, 1)
  const bank = await openBank(path, { create: true, now: () => new Date(time) })
  await bank.appendPictures('e1', [syntheticPicture('a')])
  time += 86_400_000
  await bank.withdrawEntry('e1')
  await expect(bank.appendPictures('e1', [syntheticPicture('a')])).rejects.toThrow(
    refusedWith('ENTRY_WITHDRAWN'),
  )
  await bank.appendPictures('e2', [syntheticPicture('a')])
  await bank.close()
  const [first, second] = (await readBank(path)).entries
  expect(first).toMatchObject({
    addedAt: '2026-01-01T00:00:00.000Z',
    withdrawnAt: '2026-01-02T00:00:00.000Z',
  })
  expect(second?.pictures).toEqual([syntheticPicture('a')])
})

it('erases on opening what a writer withdrew and did not come to erase', async () => {
  const path = bankPath()
  await fill(path, { e1: [syntheticPicture('a')], e2: [syntheticPicture('b')] })
  const at = '2026-01-02T03:04:05.000Z'
  for (const hasLineFeed of [true, false]) {
    const line = encodeRecord({
      n: hasLineFeed ? 4 : 5,
      op: 'withdraw',
      entry: hasLineFeed ? 'e1' : 'e2',
      at,
    })
    writeFileSync(path, hasLineFeed ? line : line.subarray(0, -1), { flag: 'a' })
    const bank = await openBank(path)
    await bank.close()
    const left = syntheticPicture(hasLineFeed ? 'a' : 'b').sha256
    expect(readFileSync(path, 'latin1')).not.toContain(left)
  }
  await fill(path, { e3: [syntheticPicture('c')] })
  expect((await readBank(path)).entries.map(({ state }) => state)).toEqual([
    'withdrawn',
    'withdrawn',
    'active',
  ])
})

it('does not write a damaged bank anew, and says that nothing was erased', async () => {
  const path = bankPath()
  await fill(path, { e1: [syntheticPicture('a')], e2: [syntheticPicture('b')] })
  const damaged = readFileSync(path, 'latin1').replace(/"quality":90/, '"quality":91')
  writeFileSync(path, damaged)
  const bank = await openBank(path, { allowDamaged: true })
  expect(await bank.withdrawEntry('e2')).toEqual({ wasWithdrawnBefore: false, isErased: false })
  await bank.close()
  expect(readFileSync(path, 'latin1').startsWith(damaged)).toBe(true)
})

it('says that an entry is withdrawn when it cannot be erased, and erases it when asked again', async () => {
  const path = bankPath()
  await fill(path, { e1: [syntheticPicture('a')] })
  const bank = await openBank(path)
  mkdirSync(`${path}.new`)
  await expect(bank.withdrawEntry('e1')).rejects.toThrow(refusedWith('ERASURE_FAILED'))
  await expect(bank.appendPictures('e2', [])).rejects.toThrow(refusedWith('BANK_CLOSED'))
  expect((await readBank(path)).entries[0]?.state).toBe('withdrawn')
  rmdirSync(`${path}.new`)
  expect(await withdraw(path, 'e1')).toEqual({ wasWithdrawnBefore: true, isErased: true })
  expect(readFileSync(path, 'latin1')).not.toContain(syntheticPicture('a').sha256)
})

it('gives the same bank as one that never held what was withdrawn, whatever the order', async () => {
  const step = fc.record({ entry: fc.nat(3), picture: fc.nat(5), isWithdrawal: fc.boolean() })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const path = bankPath()
      const bank = await openBank(path, { create: true })
      const model = new Map<string, Set<number> | null>()
      for (const { entry, picture, isWithdrawal } of steps) {
        const id = `e${entry}`
        const known = model.get(id)
        if (known === null || (isWithdrawal && known === undefined)) continue
        if (isWithdrawal) {
          await bank.withdrawEntry(id)
          model.set(id, null)
        } else {
          await bank.appendPictures(id, [syntheticPicture(`${picture}`)])
          model.set(id, new Set([...(known ?? []), picture]))
        }
      }
      await bank.close()
      const held = new Set([...model.values()].flatMap((pictures) => [...(pictures ?? [])]))
      const text = readFileSync(path, 'latin1')
      for (let picture = 0; picture <= 5; picture++)
        expect(text.includes(syntheticPicture(`${picture}`).sha256)).toBe(held.has(picture))
      const { entries } = await readBank(path)
      expect(new Map(entries.map(({ id, pictures }) => [id, pictures.length]))).toEqual(
        new Map([...model].map(([id, pictures]) => [id, pictures?.size ?? 0])),
      )
    }),
    { numRuns: 40 },
  )
})

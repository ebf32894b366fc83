import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decodeRow, ROW_BYTES } from '#lib/phash/index.ts'
import { countRows, loadBank, openBank, type RegisteredPicture, readBank, windowsFrom } from './index.ts'
import { bankPath, refusedWith, syntheticPicture, syntheticRows, withWindows } from './testing.ts'

const CREATED = '2026-01-02T03:04:05.000Z'

function line(value: object): string {
  const body = JSON.stringify(value).slice(0, -1)
  return `${body},"crc":"${crc32(body).toString(16).padStart(8, '0')}"}\n`
}

/** A bank as the first version wrote it. */
function firstVersionBank(...pictures: RegisteredPicture[]): string {
  const path = bankPath()
  const lines = pictures.map((picture, k) =>
    line({ n: k + 2, op: 'add', entry: 'old', at: CREATED, ...picture }),
  )
  writeFileSync(path, [line({ saksiBank: 1, createdAt: CREATED }), ...lines].join(''))
  return path
}

async function append(path: string, entry: string, ...pictures: RegisteredPicture[]) {
  const bank = await openBank(path, { create: true })
  try {
    return await bank.appendPictures(entry, pictures)
  } finally {
    await bank.close()
  }
}

const headerOf = (path: string): unknown => JSON.parse(readFileSync(path, 'latin1').split('\n')[0] ?? '')
const rowsIn = (pictures: readonly RegisteredPicture[] = []): number[] =>
  pictures.map(({ windows }) => countRows(windows))

it('gives back the windows a picture was registered with, and none once its entry is withdrawn', async () => {
  const path = bankPath()
  await append(path, 'e1', withWindows('a', 163), syntheticPicture('b'), withWindows('c', 500, 'tilt'))
  await append(path, 'e2', withWindows('d', 0))
  expect((await readBank(path)).entries.map(({ pictures }) => pictures)).toEqual([
    [withWindows('a', 163), syntheticPicture('b'), withWindows('c', 500, 'tilt')],
    [withWindows('d', 0)],
  ])
  expect((await loadBank(path)).facts).toMatchObject({ prints: 32, windowRows: 663 })
  const bank = await openBank(path)
  await bank.withdrawEntry('e1')
  await bank.close()
  expect((await readBank(path)).entries[0]?.pictures).toEqual([])
  expect((await loadBank(path)).facts).toMatchObject({ entries: 1, withdrawn: 1, windowRows: 0 })
})

it('registers no windows that are not valid, and nothing beside them', async () => {
  const path = bankPath()
  const good = withWindows('a', 2)
  const { windows } = good
  const bytes = Buffer.from(windows?.rows ?? '', 'base64')
  const changed = (at: number, value: number): string => {
    const copy = Buffer.from(bytes)
    copy[at] = value
    return copy.toString('base64')
  }
  const tooMany = Buffer.concat(Array.from({ length: 501 }, () => bytes.subarray(0, ROW_BYTES)))
  const wrong: [string, object][] = [
    ['one row too many', { rows: tooMany.toString('base64') }],
    ['a cut row', { rows: bytes.subarray(0, -1).toString('base64') }],
    ['not base64', { rows: `${windows?.rows.slice(0, -4)}\n***` }],
    ['without its padding', { rows: windows?.rows.replace(/=+$/, '') }],
    ['quality 19', { rows: changed(39, 19) }],
    ['quality 101', { rows: changed(39, 101) }],
    ['outside of the picture', { rows: changed(32, 0) }],
    [
      'without a side',
      {
        rows: Buffer.concat([bytes.subarray(0, 36), Buffer.alloc(2), bytes.subarray(38)]).toString('base64'),
      },
    ],
    ['an empty print', { rows: Buffer.concat([Buffer.alloc(32), bytes.subarray(32)]).toString('base64') }],
    ['a shorter side that is longer', { shorterSide: 481 }],
    ['no shorter side', { shorterSide: 0 }],
    ['another set', { set: 'everything' }],
    ['something more', { angle: 1 }],
  ]
  const bank = await openBank(path, { create: true })
  for (const [name, change] of wrong) {
    const picture = { ...good, windows: { ...windows, ...change } }
    await expect(
      // What a type would not let through, a file or another program may.
      bank.appendPictures('e1', [withWindows('fine', 1), picture as RegisteredPicture]),
      name,
    ).rejects.toThrow(refusedWith('PICTURE_INVALID'))
  }
  await expect(bank.appendPictures('e1', [{ ...good, width: 0, height: 0 }])).rejects.toThrow(
    refusedWith('PICTURE_INVALID'),
  )
  await bank.close()
  expect((await readBank(path)).entries).toEqual([])
})

it('calls a whole line with impossible windows damaged', async () => {
  const good = withWindows('a', 1)
  const rows = Buffer.from(good.windows?.rows ?? '', 'base64').fill(0, 39)
  const path = firstVersionBank({
    ...good,
    windows: { set: 'full', shorterSide: 480, rows: rows.toString('base64') },
  })
  await expect(readBank(path)).rejects.toThrow(
    expect.objectContaining({ code: 'BANK_DAMAGED', faults: [{ line: 2, code: 'NOT_A_RECORD' }] }),
  )
})

it('adds windows to a picture that is there without them, and never takes any away', async () => {
  const path = bankPath()
  await append(path, 'e1', syntheticPicture('a'), syntheticPicture('b'))
  const steps: [RegisteredPicture, object, number[]][] = [
    [withWindows('a', 5), { added: 0, extended: 1, alreadyThere: 0 }, [5, 0]],
    [withWindows('a', 9), { added: 0, extended: 0, alreadyThere: 1 }, [5, 0]],
    [syntheticPicture('a'), { added: 0, extended: 0, alreadyThere: 1 }, [5, 0]],
    [withWindows('a', 7, 'tilt'), { added: 0, extended: 1, alreadyThere: 0 }, [7, 0]],
    [withWindows('a', 5), { added: 0, extended: 0, alreadyThere: 1 }, [7, 0]],
    [withWindows('c', 3), { added: 1, extended: 0, alreadyThere: 0 }, [7, 0, 3]],
  ]
  for (const [picture, answer, rows] of steps) {
    expect(await append(path, 'e1', picture)).toEqual(answer)
    expect(rowsIn((await readBank(path)).entries[0]?.pictures)).toEqual(rows)
  }
  expect(await append(path, 'e1', syntheticPicture('d'), withWindows('d', 2))).toEqual({
    added: 1,
    extended: 0,
    alreadyThere: 1,
  })
  expect(rowsIn((await readBank(path)).entries[0]?.pictures)).toEqual([7, 0, 3, 2])
})

it('goes on with a bank of the first version, and raises it only when windows come', async () => {
  const path = firstVersionBank(syntheticPicture('a'), syntheticPicture('b'))
  writeFileSync(path, '{"n":4,"op":"add","entr', { flag: 'a' })
  expect(rowsIn((await readBank(path)).entries[0]?.pictures)).toEqual([0, 0])
  await append(path, 'old', syntheticPicture('c'))
  expect(headerOf(path)).toMatchObject({ saksiBank: 1 })
  const before = readFileSync(path, 'latin1')
  const bank = await openBank(path)
  await bank.appendPictures('new', [withWindows('d', 3)])
  await bank.appendPictures('new', [withWindows('e', 4)])
  await bank.close()
  expect(headerOf(path)).toMatchObject({ saksiBank: 2, createdAt: CREATED })
  const after = readFileSync(path, 'latin1')
  expect(after.slice(after.indexOf('\n')).startsWith(before.slice(before.indexOf('\n')))).toBe(true)
  const { entries, createdAt } = await readBank(path)
  expect(createdAt).toBe(CREATED)
  expect(entries.map(({ id, state, pictures }) => [id, state, rowsIn(pictures)])).toEqual([
    ['old', 'active', [0, 0, 0]],
    ['new', 'active', [3, 4]],
  ])
  expect(readdirSync(dirname(path))).toEqual(['bank.jsonl'])
})

it('clears away what a writer left that was killed while it raised the version', async () => {
  const path = firstVersionBank(syntheticPicture('a'))
  writeFileSync(`${path}.new`, 'half a bank')
  expect((await readBank(path)).entries).toHaveLength(1)
  await append(path, 'old', syntheticPicture('b'))
  expect(existsSync(`${path}.new`)).toBe(false)
  expect((await readBank(path)).entries[0]?.pictures).toHaveLength(2)
})

it('keeps at most 500 rows, upright ones and those of more detail first', () => {
  const tilted = syntheticRows('t', 300).map((row) => ({ ...row, angle: 0.045, quality: 100 }))
  const { rows } = windowsFrom('tilt', 480, [...tilted, ...syntheticRows('u', 300)])
  const bytes = Buffer.from(rows, 'base64')
  const scope = { frame: { width: 640, height: 480 }, shorterSide: 480 }
  const kept = Array.from({ length: bytes.length / ROW_BYTES }, (_, k) =>
    decodeRow(bytes.subarray(k * ROW_BYTES, (k + 1) * ROW_BYTES), scope),
  )
  expect(kept).toHaveLength(500)
  expect(kept.filter(({ angle }) => angle === 0)).toHaveLength(300)
})

type Step = { entry: string; seed: string; rows: number | null } | { withdraw: string }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      entry: fc.constantFrom('e1', 'e2', 'e3'),
      seed: fc.constantFrom('a', 'b', 'c', 'd'),
      rows: fc.option(fc.integer({ min: 0, max: 3 })),
    }),
  },
  { weight: 1, arbitrary: fc.record({ withdraw: fc.constantFrom('e1', 'e2', 'e3') }) },
)

it('holds exactly the rows of what was registered and not withdrawn, in whatever order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
      const path = bankPath()
      const model = new Map<string, Map<string, number | null> | null>()
      const bank = await openBank(path, { create: true })
      for (const one of steps) {
        const entry = 'withdraw' in one ? one.withdraw : one.entry
        const known = model.get(entry)
        if ('withdraw' in one) {
          if (known !== undefined) await bank.withdrawEntry(entry)
          if (known !== undefined) model.set(entry, null)
        } else if (known !== null) {
          await bank.appendPictures(entry, [
            one.rows === null ? syntheticPicture(one.seed) : withWindows(one.seed, one.rows),
          ])
          const pictures = known ?? new Map<string, number | null>()
          if ((pictures.get(one.seed) ?? null) === null) pictures.set(one.seed, one.rows)
          model.set(entry, pictures)
        }
      }
      await bank.close()
      const expected = [...model.values()].flatMap((pictures) => [...(pictures?.values() ?? [])])
      const { facts } = await loadBank(path)
      expect(facts.windowRows).toBe(expected.reduce<number>((sum, rows) => sum + (rows ?? 0), 0))
      expect(facts.prints).toBe(8 * expected.length)
    }),
    { numRuns: 40 },
  )
})

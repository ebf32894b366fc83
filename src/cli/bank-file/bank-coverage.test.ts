import { expect, it } from 'vitest'
import { bankCoverage } from './bank-coverage.ts'
import { type RegisteredPicture, windowsFrom } from './index.ts'
import { syntheticPicture, withWindows } from './testing.ts'

const coverageOf = (...pictures: RegisteredPicture[]) =>
  bankCoverage([{ id: 'e1', state: 'active', pictures, addedAt: '2026-01-02T03:04:05.000Z' }])

const NONE = { most: 0, many: 0, nearIdentical: 0, wholeOnly: 0, fileOnly: 0 }

it('tells how many pictures are recognised how well', () => {
  const cases: [RegisteredPicture, keyof typeof NONE][] = [
    [withWindows('a', 40), 'most'],
    [withWindows('b', 39), 'many'],
    [withWindows('c', 5), 'many'],
    [withWindows('d', 4), 'nearIdentical'],
    [{ ...withWindows('e', 40), quality: 49 }, 'nearIdentical'],
    [{ ...syntheticPicture('f'), windows: windowsFrom('full', 480, []) }, 'nearIdentical'],
    [syntheticPicture('g'), 'wholeOnly'],
    [{ ...syntheticPicture('h'), usable: false, prints: [] }, 'fileOnly'],
    [
      { ...syntheticPicture('i'), usable: false, prints: [], windows: windowsFrom('full', 480, []) },
      'fileOnly',
    ],
  ]
  for (const [picture, name] of cases)
    expect(coverageOf(picture), picture.md5).toEqual({ ...NONE, [name]: 1 })
  expect(coverageOf(...cases.map(([picture]) => picture))).toEqual({
    most: 1,
    many: 2,
    nearIdentical: 3,
    wholeOnly: 1,
    fileOnly: 2,
  })
  expect(bankCoverage([])).toEqual(NONE)
})

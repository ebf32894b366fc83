import { describe, expect, it } from 'vitest'
import { type CoverageCounts, coverageLines } from './coverage-lines.ts'
import { REPORT_LANGUAGES, reportTexts } from './texts/index.ts'

const NONE: CoverageCounts = { most: 0, many: 0, nearIdentical: 0, wholeOnly: 0, fileOnly: 0 }
const CLASSES = ['most', 'many', 'nearIdentical', 'wholeOnly', 'fileOnly'] as const

const texts = reportTexts('en')
const { coverage } = texts
const lines = (bank: object, settings = {}): string[] =>
  coverageLines({ bank: { entries: 3, windowRows: 500, ...bank }, settings }, texts)

describe('what a scan says it can find', () => {
  it('no longer denies crops and screenshots where parts were compared, and names what may be missed', () => {
    const said = lines({ coverage: { ...NONE, most: 3 } })
    expect(said).toEqual([
      coverage.foundWhole,
      coverage.foundParts,
      coverage.most(3),
      coverage.missedParts,
      coverage.anotherPhoto,
      coverage.videos,
    ])
  })

  it.each(CLASSES)(
    'says what to expect of registered pictures of a class, only if there are any: %s',
    (name) => {
      const said = lines({ coverage: { ...NONE, [name]: 7 } })
      const classes = CLASSES.filter((other) => said.includes(coverage[other](7)))
      expect(classes).toEqual([name])
      expect(said).toHaveLength(6)
    },
  )

  it('says so in general where nobody counted', () => {
    expect(lines({})).toContain(coverage.notCounted)
    expect(lines({ coverage: NONE })).not.toContain(coverage.notCounted)
  })

  it.each([
    ['the bank holds whole pictures only', { windowRows: 0 }, {}, coverage.bankWithoutParts],
    ['it was asked for', {}, { isWholeOnly: true }, coverage.partsLeftOut],
    ['both', { windowRows: 0 }, { isWholeOnly: true }, coverage.bankWithoutParts],
  ])('still denies crops and screenshots where %s', (_, bank, settings, reason) => {
    const counts = { ...NONE, most: 4, fileOnly: 2 }
    expect(lines({ coverage: counts, ...bank }, settings)).toEqual([
      coverage.foundWhole,
      coverage.missedWhole,
      reason,
      coverage.fileOnly(2),
      coverage.anotherPhoto,
      coverage.videos,
    ])
  })

  it('gives an empty bank no advice', () => {
    const said = lines({ entries: 0, windowRows: 0 })
    expect(said).not.toContain(coverage.bankWithoutParts)
    expect(said).toContain(coverage.missedWhole)
  })

  it.each(REPORT_LANGUAGES)('never promises a share of copies nor protection, in %s', (language) => {
    const all = { ...NONE, most: 1, many: 1, nearIdentical: 1, wholeOnly: 1 }
    const said = coverageLines(
      { bank: { entries: 5, windowRows: 9, coverage: all }, settings: {} },
      reportTexts(language),
    )
    expect(said).toHaveLength(9)
    for (const line of said) expect(line).not.toMatch(/%|protect|dilindungi|保护|受保障|பாதுகா/i)
  })
})

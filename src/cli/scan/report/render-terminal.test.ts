import { describe, expect, it } from 'vitest'
import { createPaint } from '../../terminal/paint.ts'
import { renderTerminal } from './render-terminal.ts'
import { REPORT_LANGUAGES, reportTexts } from './texts/index.ts'
import { exampleReport } from './texts/testing.ts'

const LOOK = { paint: createPaint(false), columns: null }

describe('a report in the terminal', () => {
  it('says in words what the page draws', () => {
    const texts = reportTexts('en')
    const said = renderTerminal(exampleReport(texts), texts, LOOK)
    const rows = said.filter((line) => line.startsWith('S-001')).map((line) => line.split(/ {2,}/)[4])
    expect(rows).toEqual([
      'Identical file',
      'Whole picture recognised; mirrored, border added, forwarded',
      'Whole picture recognised; turned 90°',
      'Whole picture recognised; saved again, resized or a little changed, named by several messages, so the sender is not certain',
      'Recognised by 4 places that agree; inside a larger picture such as a screenshot; in the middle, taking about a third of the posted picture',
      'Recognised by 5 or more places that agree; cropped; cut off at the top, bottom, and left, about half of the registered picture is still there',
      'Recognised by 3 places that agree; partly covered or changed',
      '[?] Likely · Recognised by 2 places that agree; cropped, inside a larger picture such as a screenshot, mirrored, turned 270°; cut off at least at the bottom; at the bottom right, taking about a quarter of the posted picture',
    ])
  })

  it.each(REPORT_LANGUAGES)('marks and explains what is only likely, in %s', (language) => {
    const texts = reportTexts(language)
    const report = exampleReport(texts)
    const said = renderTerminal(report, texts, LOOK)
    expect(said.filter((line) => line.includes(`[?] ${texts.copy.likely} · `))).toHaveLength(1)
    expect(said).toContain(`[?] ${texts.copy.likelyAmong(1)}`)
    const certain = renderTerminal({ ...report, matches: report.matches.slice(0, 7) }, texts, LOOK)
    expect(certain.filter((line) => line.includes('[?]'))).toEqual([])
  })

  it('prints what the report says it can find', () => {
    const texts = reportTexts('en')
    const said = renderTerminal({ ...exampleReport(texts), coverage: ['This only.'] }, texts, LOOK)
    expect(said).toContain('  This only.')
    expect(said.join('\n')).not.toContain(texts.coverage.videos)
  })
})

import { describe, expect, it } from 'vitest'
import type { ReportedMatch, ScanReport } from '#contract/scan-report.ts'
import { renderHtml } from './render-html.ts'
import { REPORT_LANGUAGES, reportTexts } from './texts/index.ts'
import { exampleReport } from './texts/testing.ts'

const texts = reportTexts('en')
const HOSTILE = `</title></svg><script>alert(1)</script><img src=x onerror=alert(1)>"'&\u202e\u0000`

function withMatches(change: (match: ReportedMatch) => ReportedMatch): ScanReport {
  const report = exampleReport(texts)
  return { ...report, matches: report.matches.map(change) }
}

/** The cells of the rows of matches, one a match. */
const copyCells = (page: string): string[] => page.match(/<div class="copy">.*?<\/div><\/div>/gs) ?? []

describe('the page of a report', () => {
  it('draws every match once, each drawing with ids of its own', () => {
    const report = exampleReport(texts)
    const page = renderHtml(report, texts)
    expect(copyCells(page)).toHaveLength(report.matches.length)
    expect(page.match(/<svg /g)).toHaveLength(report.matches.length)
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id)
    expect(ids).toHaveLength(2 * report.matches.length)
    expect(new Set(ids).size).toBe(ids.length)
    const named = [...page.matchAll(/aria-(?:labelledby|describedby)="([^"]*)"/g)].map(([, id]) => id)
    expect(new Set(named)).toEqual(new Set(ids))
  })

  it('keeps ids apart where there are several entries', () => {
    let n = 0
    const page = renderHtml(
      withMatches((match) => ({ ...match, entry: `S-${n++ % 3}` })),
      texts,
    )
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('describes a drawing by the words beside it, and says where it is not to scale', () => {
    const [cell] = copyCells(renderHtml(exampleReport(texts), texts)).filter((one) =>
      one.includes('4 places'),
    )
    const [, description] = cell?.match(/<desc id="[^"]*">(.*?)<\/desc>/) ?? []
    expect(description).toBe(
      'Recognised by 4 places that agree; inside a larger picture such as a screenshot; in the middle, taking about a third of the posted picture; Not to scale.',
    )
  })

  it.each(REPORT_LANGUAGES)(
    'marks what is only likely by words and a frame, and counts it, in %s',
    (language) => {
      const own = reportTexts(language)
      const page = renderHtml(exampleReport(own), own)
      const likely = copyCells(page).filter((cell) => cell.includes('class="likely"'))
      expect(likely).toHaveLength(1)
      expect(likely[0]).toContain(`<strong>${own.copy.likely}</strong>`)
      expect(likely[0]).toContain(own.copy.likelyExplained)
      expect(page).toContain(own.copy.likelyAmong(1))
      const certain = { ...exampleReport(own), matches: exampleReport(own).matches.slice(0, 7) }
      expect(renderHtml(certain, own)).not.toContain('class="likely"')
    },
  )

  it('prints what the report says it can find, not what another scan could', () => {
    const page = renderHtml({ ...exampleReport(texts), coverage: ['Only <this>.'] }, texts)
    expect(page).toContain('<ul><li>Only &lt;this&gt;.</li></ul>')
    expect(page).not.toContain(texts.coverage.videos)
  })

  it('holds nothing that runs, loads or leads anywhere, whatever the names in it', () => {
    const hostile = withMatches((match) => ({
      ...match,
      entry: HOSTILE,
      messageId: HOSTILE,
      placeId: HOSTILE,
      senderId: HOSTILE,
      sentAt: null,
      sentAtLocal: HOSTILE,
      identifiers: match.identifiers.map((one) => ({ ...one, masked: HOSTILE })),
    }))
    const page = renderHtml({ ...hostile, coverage: [HOSTILE] }, texts)
    expect(page).not.toMatch(/<(?:script|img|a|link|image|use|foreignObject|iframe)\b/i)
    expect(page).not.toMatch(/<[^>]*\s(?:href|src|style|on\w+)=|url\(/i)
    expect(page.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
    expect(page.match(/<svg /g)).toHaveLength(hostile.matches.length)
    expect(page.match(/<\/svg>/g)).toHaveLength(hostile.matches.length)
  })

  it('leaves out drawings of numbers that are none, and still says what was recognised', () => {
    const broken = withMatches((match) => ({
      ...match,
      votes: Number.NaN,
      ...(match.where && { where: { left: Number.NaN, top: -1e300, width: 1e300, height: -1 } }),
    }))
    const page = renderHtml(broken, texts)
    const byWindows = broken.matches.filter(({ rule }) => rule === 'windows').length
    expect(page.match(/<svg /g)).toHaveLength(broken.matches.length - byWindows)
    expect(page.split(texts.copy.byParts)).toHaveLength(byWindows + 1)
    expect(page).not.toMatch(/NaN|Infinity|e\+?300/)
  })
})

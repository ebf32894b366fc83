import { describe, expect, it } from 'vitest'
import { createPaint } from '../../../terminal/paint.ts'
import { POSITIONS, SHARES, SIDES } from '../copy-place.ts'
import { renderHtml } from '../render-html.ts'
import { renderTerminal } from '../render-terminal.ts'
import { describeCopy, REPORT_LANGUAGES, type ReportTexts, reportTexts } from './index.ts'
import { exampleReport } from './testing.ts'

const OTHERS = REPORT_LANGUAGES.filter((language) => language !== 'en')
/** Among the words for places `cutOff(['top'], 'half')` and `lies('middle', 'half')` come twice. */
const REPEATED = 2
const COUNTS = [0, 1, 2, 1000] as const

/** Every leaf of the texts by its path; a function stands as its number of parameters. */
function leaves(value: unknown, path = ''): [path: string, leaf: string | number][] {
  if (typeof value === 'string') return [[path, value]]
  if (typeof value === 'function') return [[path, value.length]]
  if (typeof value !== 'object' || value === null) return [[path, `neither text nor function: ${value}`]]
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, `${path}/${key}`))
}

const shape = (texts: ReportTexts): string[] =>
  leaves(texts)
    .map(([path, leaf]) => (typeof leaf === 'number' ? `${path}(${leaf})` : path))
    .sort()

/** What each counting function says, by its path. */
function counting(texts: ReportTexts, count: number): Record<string, string> {
  const { notInExport, unreadable, tooPlain, withheld, gaps, partlyRead } = texts.unchecked
  return {
    number: texts.number(count),
    foundEntries: texts.found(count, 7),
    foundPostings: texts.found(7, count),
    moreInReport: texts.moreInReport(count),
    notInExport: notInExport(count),
    unreadable: unreadable(count),
    tooPlain: tooPlain(count),
    withheld: withheld(count),
    gapsUnchecked: gaps(count),
    partlyRead: partlyRead(count),
    notListed: texts.notListed(count),
    pictures: texts.pictures(count),
    likelyAmong: texts.copy.likelyAmong(count),
    ...Object.fromEntries(
      (['most', 'many', 'nearIdentical', 'wholeOnly', 'fileOnly'] as const).map((name) => [
        `coverage ${name}`,
        texts.coverage[name](count),
      ]),
    ),
    ...Object.fromEntries(
      (['messages', 'pictures', 'files', 'repairs', 'gaps'] as const).map((fact) => [
        `readFacts ${fact}`,
        texts.readFacts({ messages: 7, pictures: 7, files: 7, repairs: 7, gaps: 7, [fact]: count }),
      ]),
    ),
  }
}

/** What is said of places in a copy: every side, share and position. */
const copyWords = ({ copy }: ReportTexts): string[] => [
  copy.byPlaces(4),
  copy.byPlacesOrMore(5),
  copy.cutOff(SIDES, 'half'),
  ...SIDES.flatMap((side) => [copy.cutOff([side], 'half'), copy.cutOffAtLeast([side])]),
  ...SHARES.flatMap((share) => [copy.cutOff(['top'], share), copy.lies('middle', share)]),
  ...POSITIONS.map((position) => copy.lies(position, 'half')),
]

const sentences = (texts: ReportTexts): string[] => [
  ...leaves(texts).flatMap(([, leaf]) => (typeof leaf === 'string' ? [leaf] : [])),
  ...COUNTS.flatMap((count) => Object.values(counting(texts, count))),
  ...copyWords(texts),
  texts.turned(90),
  texts.reportAt(''),
]

/** Names that stay as they are: of files and of what is typed, of standards and of cards. */
const NAMES = /`[^`]*`|report\.json|--out FOLDER|--whole-only|SHA-256|UTC|Saksi|MyKad/g

const latinWords = (text: string): string[] =>
  (text.replace(NAMES, ' ').match(/[A-Za-z][A-Za-z'-]+/g) ?? []).map((word) => word.toLowerCase())

/** Words that Malay writes like English. */
const SHARED: Record<string, readonly string[]> = { ms: ['bank', 'folder'] }

const englishWords = new Set(sentences(reportTexts('en')).flatMap(latinWords))

const englishIn = (language: string, text: string): string[] =>
  latinWords(text).filter((word) => englishWords.has(word) && !SHARED[language]?.includes(word))

describe('the words of a report', () => {
  it.each(REPORT_LANGUAGES)('carry their own language tag: %s', (language) => {
    expect(reportTexts(language).language).toBe(language)
  })

  it.each(OTHERS)('have the same keys and functions as English in %s', (language) => {
    expect(shape(reportTexts(language))).toEqual(shape(reportTexts('en')))
  })

  it.each(REPORT_LANGUAGES)('are never empty in %s', (language) => {
    for (const sentence of sentences(reportTexts(language))) expect(sentence.trim()).not.toBe('')
  })

  it.each(OTHERS)('keep no English sentence in %s', (language) => {
    const english = new Map(leaves(reportTexts('en')))
    const kept = leaves(reportTexts(language)).filter(
      ([path, leaf]) => typeof leaf === 'string' && !path.endsWith('Separator') && english.get(path) === leaf,
    )
    expect(kept).toEqual([])
    expect(sentences(reportTexts(language)).flatMap((sentence) => englishIn(language, sentence))).toEqual([])
  })

  it.each(OTHERS)('keep in %s what has to be typed or looked up as it is', (language) => {
    const typed = (texts: ReportTexts): (string[] | null)[] =>
      [...texts.checkSteps, texts.digestOfExport, texts.digestOfBank].map((sentence) =>
        (sentence.match(/`[^`]+`/g) ?? []).sort(),
      )
    expect(typed(reportTexts(language))).toEqual(typed(reportTexts('en')))
  })

  it.each(REPORT_LANGUAGES)('say every number, grouped by thousands, in %s', (language) => {
    for (const count of COUNTS) {
      const written = count === 1000 ? '1,000' : String(count)
      for (const [name, sentence] of Object.entries(counting(reportTexts(language), count)))
        expect(sentence.match(/\d+(,\d+)*/g), name).toContain(written)
    }
    expect(reportTexts(language).number(1234567)).toBe('1,234,567')
    expect(reportTexts(language).turned(270)).toContain('270°')
    expect(reportTexts(language).reportAt('a/report.html')).toContain('a/report.html')
  })

  it('use the singular where a language has one', () => {
    expect(reportTexts('en').pictures(1)).toBe('1 picture')
    expect(reportTexts('en').pictures(0)).toBe('0 pictures')
    expect(reportTexts('ta').pictures(1)).toBe('1 படம்')
    expect(reportTexts('ta').pictures(2)).toBe('2 படங்கள்')
    expect(reportTexts('ms').pictures(2)).toBe('2 gambar')
  })

  it('describe a copy with the separator of the language', () => {
    const copy = { isSameFile: false, isMirrored: true, turnedDegrees: 0, hasBorder: true } as const
    const said = REPORT_LANGUAGES.map((tag) =>
      describeCopy(reportTexts(tag), {
        rule: 'whole-frame',
        copy,
        isForwarded: true,
        isNamedTwice: false,
      }),
    )
    expect(said).toEqual([
      'mirrored, border added, forwarded',
      'terbalik kiri-kanan, ditambah bingkai, dimajukan',
      '左右翻转、加了边框、转发',
      'இடவலம் மாற்றப்பட்டது, ஓரச்சட்டம் சேர்க்கப்பட்டது, முன்னனுப்பப்பட்டது',
    ])
  })

  it.each(REPORT_LANGUAGES)(
    'tell every side, share and position apart, and how many places agree, in %s',
    (language) => {
      const words = copyWords(reportTexts(language))
      expect(new Set(words).size).toBe(words.length - REPEATED)
      const { byPlaces, byPlacesOrMore } = reportTexts(language).copy
      expect([byPlaces(4), byPlacesOrMore(5)].map((said) => said.match(/\d+/)?.[0])).toEqual(['4', '5'])
    },
  )

  it.each(REPORT_LANGUAGES)('never blame or label in %s', (language) => {
    const banned = /victim|revenge|porn|mangsa|lucah|受害者|色情|报复|பாதிக்கப்பட்டவர்|ஆபாச|பழிவாங்|[!！]/iu
    for (const sentence of sentences(reportTexts(language))) expect(sentence).not.toMatch(banned)
  })
})

/** What a reader sees of a page, without what is an id or a thing to type. */
const visible = (page: string): string =>
  page
    .replace(/<style>.*?<\/style>/su, ' ')
    .replace(/<code>.*?<\/code>|<span class="id[^"]*">.*?<\/span>/gsu, ' ')
    .replace(/data-label="([^"]*)"|aria-label="([^"]*)"/gu, '> $1 $2 <')
    .replace(/<[^>]*>/gu, ' ')

describe('a rendered report', () => {
  it('shows English where English is asked for', () => {
    const page = renderHtml(exampleReport(reportTexts('en')), reportTexts('en'))
    expect(new Set(englishIn('en', visible(page))).size).toBeGreaterThan(100)
  })

  it.each(OTHERS)('holds no English prose in %s', (language) => {
    const texts = reportTexts(language)
    const report = exampleReport(texts)
    const page = renderHtml(report, texts)
    expect(page).toContain(`<html lang="${language}">`)
    expect(englishIn(language, visible(page))).toEqual([])
    const lines = renderTerminal(report, texts, { paint: createPaint(false), columns: null })
    expect(lines.flatMap((line) => englishIn(language, line))).toEqual([])
  })

  it.each(REPORT_LANGUAGES)('names kinds of identifiers and places by word, in %s', (language) => {
    const texts = reportTexts(language)
    const page = visible(renderHtml(exampleReport(texts), texts))
    for (const word of [...Object.values(texts.identifierKinds), ...Object.values(texts.placeKinds)])
      expect(page).toContain(word)
  })
})

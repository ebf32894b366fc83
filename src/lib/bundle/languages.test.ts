import { expect, it } from 'vitest'
import { utf8ToText } from '../bytes/index.ts'
import { planBag } from './build/plan-bag.ts'
import { CERTIFICATE_WORDS } from './build/texts/certificate-translations.ts'
import { reportWords } from './build/words/index.ts'
import { utf8 } from './format/bytes.ts'
import { BUNDLE_LANGUAGES, type BundleLanguage, UNSTATED_ORGANISATION } from './model.ts'
import { factsOf, ORIGINAL, sampleExhibit, sampleInput, sampleMessage } from './testing.ts'

/** A letter of the script that each language is written in, as its texts have many. */
const SCRIPTS: Readonly<Record<BundleLanguage, RegExp>> = {
  en: /\p{Script=Latin}/u,
  ms: /\p{Script=Latin}/u,
  'zh-Hans': /\p{Script=Han}/u,
  ta: /\p{Script=Tamil}/u,
}

async function filesIn(languages: readonly BundleLanguage[]): Promise<Map<string, string>> {
  const exhibits = [sampleExhibit({ message: sampleMessage() })]
  const { files } = await planBag(sampleInput({ languages, exhibits }), async () => utf8('%PDF'))
  return new Map(files.map(({ path, bytes }) => [path, bytes === null ? '' : (utf8ToText(bytes) ?? '')]))
}

it('writes report and Malaysian drafts in each language asked for, and always in English', async () => {
  const added = (files: Map<string, string>) =>
    [...files.keys()].filter((path) => /^(report|certificates)\//.test(path)).sort()
  expect(added(await filesIn([]))).toEqual([
    'certificates/my-s90a-server.txt',
    'certificates/my-s90a-witness-device.txt',
    'certificates/us-902-13.txt',
    'certificates/us-902-14.txt',
    'report/questions.txt',
    'report/report.html',
    'report/report.pdf',
  ])
  expect(added(await filesIn(['ta', 'ms', 'ta', 'en']))).toEqual(
    expect.arrayContaining([
      'certificates/my-s90a-server.ms.txt',
      'certificates/my-s90a-witness-device.ta.txt',
      'report/report.ms.html',
      'report/report.ta.html',
    ]),
  )
})

it('says the same facts in every language, and none of the words in English', async () => {
  const files = await filesIn(BUNDLE_LANGUAGES)
  const english = files.get('report/report.html') ?? ''
  const heading = /<h2>\d+\. [^<]*<\/h2>/g
  const facts = /[0-9a-f]{64}|SHA256:\S+?(?=<)|E\d{4}|tg:\w+:\d+/g
  for (const language of BUNDLE_LANGUAGES) {
    if (language === 'en') continue
    const html = files.get(`report/report.${language}.html`) ?? ''
    expect(html).toContain(`<html lang="${language}">`)
    expect(html.match(heading)?.length, language).toBe(english.match(heading)?.length)
    expect(html.match(facts), language).toEqual(english.match(facts))
    expect(html.match(/<th scope="row">/g)?.length, language).toBe(english.match(/<th scope="row">/g)?.length)
    const own = reportWords('en')
    const words = [
      ...Object.values(own.headings),
      ...own.proves,
      ...own.provesNot,
      own.noConsent,
      own.filesNeverShown,
    ]
    expect(
      words.filter((one) => html.includes(one)),
      language,
    ).toEqual([])
    for (const one of Object.values(reportWords(language).headings)) expect(one).toMatch(SCRIPTS[language])
  }
})

it('has as many statements of what is and is not shown in every language', () => {
  for (const language of BUNDLE_LANGUAGES) {
    const { proves, provesNot, translationNote } = reportWords(language)
    expect([proves.length, provesNot.length], language).toEqual([4, 5])
    expect(translationNote === null, language).toBe(language === 'en')
  }
})

it('leaves every statement of a person blank, whatever the language of the draft', async () => {
  const files = await filesIn(BUNDLE_LANGUAGES)
  const blanks = (path: string) => files.get(path)?.match(/_{32}/g)?.length
  for (const name of ['my-s90a-witness-device', 'my-s90a-server']) {
    const english = blanks(`certificates/${name}.txt`)
    expect(english).toBeGreaterThan(7)
    for (const language of BUNDLE_LANGUAGES) {
      const path = language === 'en' ? `certificates/${name}.txt` : `certificates/${name}.${language}.txt`
      expect(blanks(path), path).toBe(english)
      expect(files.get(path)?.split('\n')[0]).toBe(CERTIFICATE_WORDS[language].draft)
      expect(files.get(path)).toContain(factsOf(ORIGINAL).sha256)
      expect(files.get(path)).toMatch(SCRIPTS[language])
    }
  }
})

it('says in each language that an organisation and its contact were not stated, and that the bundle is not locked', async () => {
  const input = sampleInput({ languages: ['ms'], organisation: UNSTATED_ORGANISATION })
  const { files } = await planBag(input, async () => utf8('%PDF'))
  const bytes = files.find(({ path }) => path === 'report/report.ms.html')?.bytes
  const report = utf8ToText(bytes ?? new Uint8Array()) ?? ''
  expect(report.match(/tidak dinyatakan/g)?.length).toBeGreaterThanOrEqual(3)
  expect(report).not.toContain('not stated')
  expect(report).not.toContain('not-stated</td>')
  expect(report).not.toContain('boleh membukanya')
})

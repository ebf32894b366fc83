import { ENGLISH } from './en.ts'
import { MALAY } from './ms.ts'
import type { ReportTexts } from './report-texts.ts'
import { TAMIL } from './ta.ts'
import { CHINESE } from './zh-hans.ts'

export { describeCopy, describeKind, describePlace, describeRule } from './describe-copy.ts'
export type { ReportTexts } from './report-texts.ts'

/** The languages a report is written in, as BCP 47 tags. */
export const REPORT_LANGUAGES = ['en', 'ms', 'zh-Hans', 'ta'] as const

export type ReportLanguage = (typeof REPORT_LANGUAGES)[number]

const TEXTS: Record<ReportLanguage, ReportTexts> = {
  en: ENGLISH,
  ms: MALAY,
  'zh-Hans': CHINESE,
  ta: TAMIL,
}

/** The words of a report in one language. */
export function reportTexts(language: ReportLanguage): ReportTexts {
  return TEXTS[language]
}

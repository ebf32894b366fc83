import type { BundleLanguage } from '../../model.ts'
import { ENGLISH } from './en.ts'
import { MALAY } from './ms.ts'
import type { ReportWords } from './report-words.ts'
import { TAMIL } from './ta.ts'
import { CHINESE } from './zh-hans.ts'

export type { ReportWords } from './report-words.ts'

const WORDS: Readonly<Record<BundleLanguage, ReportWords>> = {
  en: ENGLISH,
  ms: MALAY,
  'zh-Hans': CHINESE,
  ta: TAMIL,
}

/** The words of a report in one language. */
export function reportWords(language: BundleLanguage): ReportWords {
  return WORDS[language]
}

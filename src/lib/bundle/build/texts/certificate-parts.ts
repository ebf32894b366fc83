import { exhibitNumber } from '../../format/paths.ts'
import type { BundleInput } from '../../model.ts'
import type { CertificateWords } from './certificate-translations.ts'

/** For what a person has to state. */
export const BLANK = '________________________________'

export function documents({ exhibits, bagName }: BundleInput, words: CertificateWords): string {
  const rows = exhibits.map(({ original, kind }, i) =>
    original
      ? `  ${bagName}/${exhibitNumber(i)}  ${kind}, ${original.sizeBytes ?? '____'} ${words.bytes}\n    SHA-256 ${original.sha256}`
      : `  ${bagName}/${exhibitNumber(i)}  ${kind}, ${words.noFile}`,
  )
  return `${words.documents}:\n${rows.join('\n') || `  ${words.none}`}\n`
}

export function steps({ collections }: BundleInput, words: CertificateWords): string {
  const rows = collections.map(
    ({ id, format, readAt, sourceSha256 }) =>
      `  ${words.captureRead(id, format, readAt)}\n    ${words.digestOfAll}: ${sourceSha256}`,
  )
  return `${rows.join('\n') || `  ${words.none}`}\n  ${words.stepsByPerson}: ${BLANK}`
}

export function signature(words: CertificateWords): string {
  return `
${words.placeAndDate}: ${BLANK}
${words.signature}: ${BLANK}
`
}

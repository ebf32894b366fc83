import type { ReportedMatch } from '#contract/scan-report.ts'

/** The words of a report. Every sentence a reader sees is here, so that a language is one object of this type. */
export interface ReportTexts {
  language: string
  title: string
  found(entries: number, pictures: number): string
  foundNothing: string
  notAVerdict: string
  matchesHeading: string
  entry: string
  when: string
  where: string
  postedBy: string
  message: string
  kindOfCopy: string
  distance: string
  alongside: string
  unknownTime: string
  forwarded: string
  sameFile: string
  sameLook: string
  mirrored: string
  turned(degrees: number): string
  withBorder: string
  notFoundHeading: string
  uncheckedHeading: string
  unchecked: {
    notInExport(count: number): string
    unreadable(count: number): string
    tooPlain(count: number): string
    withheld(count: number): string
    none: string
  }
  coverage: readonly string[]
  identifiersHeading: string
  identifiersExplained: string
  identifierKind: string
  masked: string
  times: string
  messages: string
  notListed(count: number): string
  none: string
  placesHeading: string
  readHeading: string
  readFacts(facts: {
    messages: number
    pictures: number
    files: number
    repairs: number
    gaps: number
  }): string
  checkHeading: string
  checkSteps: readonly string[]
  digestOfExport: string
  digestOfBank: string
  mode: Record<'exact' | 'fast', string>
}

const plural = (count: number, one: string, many: string): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`

export const ENGLISH: ReportTexts = {
  language: 'en',
  title: 'Saksi scan report',
  found: (entries, pictures) =>
    `${plural(pictures, 'posting', 'postings')} in this export ${pictures === 1 ? 'shows' : 'show'} a registered picture, from ${plural(entries, 'entry', 'entries')} of the bank.`,
  foundNothing:
    'No registered picture was found in this export. That does not mean none is there: see what this scan cannot find.',
  notAVerdict:
    'A match is a likeness between fingerprints, for a person to confirm. It says nothing about who is to blame.',
  matchesHeading: 'Matches',
  entry: 'Entry',
  when: 'When (UTC)',
  where: 'Place',
  postedBy: 'Posted by account',
  message: 'Message',
  kindOfCopy: 'Kind of copy',
  distance: 'Bits apart',
  alongside: 'Posted with it, or up to three messages away',
  unknownTime: 'not known',
  forwarded: 'forwarded',
  sameFile: 'the same file',
  sameLook: 'looks the same',
  mirrored: 'mirrored',
  turned: (degrees) => `turned ${degrees}°`,
  withBorder: 'border added',
  notFoundHeading: 'What this scan finds, and what it does not',
  uncheckedHeading: 'What could not be compared',
  unchecked: {
    notInExport: (count) =>
      `${plural(count, 'picture is', 'pictures are')} named in the export but not in it. Export again with photos to compare them.`,
    unreadable: (count) =>
      `${plural(count, 'picture file', 'picture files')} could not be read: damaged, cut off, or of an unknown kind.`,
    tooPlain: (count) =>
      `${plural(count, 'picture has', 'pictures have')} too few details to be recognised by look. Only an exact copy of a registered file would have been found.`,
    withheld: (count) =>
      `${plural(count, 'picture was', 'pictures were')} marked as suspected child abuse material and not opened. Report the message to the police or the national hotline; do not copy it.`,
    none: 'Every picture in the export was compared.',
  },
  coverage: [
    'Found: copies that show the whole picture — the same file, saved again, made smaller, recoloured a little, mirrored, turned by a quarter or half, or with a plain border around it.',
    'Usually not found: crops of more than about 2 %, screenshots of a chat, collages, large stickers or captions, pictures turned by a few degrees, and another photo of the same moment.',
    'Videos are compared only by the preview picture in the export, if it has one.',
  ],
  identifiersHeading: 'Phone numbers, accounts and links in the export',
  identifiersExplained: 'Shown masked. The full text stands in the export, in the messages named.',
  identifierKind: 'Kind',
  masked: 'Masked',
  times: 'Times',
  messages: 'Messages',
  notListed: (count) =>
    `${plural(count, 'further mention is', 'further mentions are')} not listed: there are too many different ones.`,
  none: 'None.',
  placesHeading: 'Places',
  readHeading: 'What was read',
  readFacts: ({ messages, pictures, files, repairs, gaps }) =>
    `${plural(messages, 'message', 'messages')}, ${plural(pictures, 'picture', 'pictures')} compared, ${plural(files, 'file', 'files')} read; ${plural(repairs, 'repair', 'repairs')} of broken bytes, ${plural(gaps, 'gap', 'gaps')}. Each is listed in report.json with its place.`,
  checkHeading: 'How a second person can check this',
  checkSteps: [
    'In the folder of this report: sha256sum -c manifest-sha256.txt — says whether the report is unchanged.',
    'In the folder of the export: sha256sum -c with the path of export-sha256.txt — says whether the export is the one that was read.',
    'In report.json each match has raw.file, raw.start and raw.end: tail -c +$((start + 1)) FILE | head -c $((end - start)) shows exactly the message, and its SHA-256 is there too.',
    'Running the same scan again with the same bank gives the same matches.',
  ],
  digestOfExport: 'SHA-256 of export-sha256.txt',
  digestOfBank: 'SHA-256 of the bank file',
  mode: { exact: 'every pixel read', fast: 'large pictures reduced while reading' },
}

/** The kind of copy in words, without anybody looking: "mirrored, border added". */
export function describeCopy(
  texts: ReportTexts,
  { copy, isForwarded }: Pick<ReportedMatch, 'copy' | 'isForwarded'>,
): string {
  const parts = [
    ...(copy.isSameFile ? [texts.sameFile] : []),
    ...(copy.isMirrored ? [texts.mirrored] : []),
    ...(copy.turnedDegrees ? [texts.turned(copy.turnedDegrees)] : []),
    ...(copy.hasBorder ? [texts.withBorder] : []),
  ]
  if (parts.length === 0) parts.push(texts.sameLook)
  if (isForwarded) parts.push(texts.forwarded)
  return parts.join(', ')
}

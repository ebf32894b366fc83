import { exhibitNumber } from '../../format/paths.ts'
import { sshFingerprint } from '../../format/ssh-public-key.ts'
import { type BundleInput, type Exhibit, type NeutralMessage, UNSTATED_ORGANISATION } from '../../model.ts'
import { custodyRow } from '../metadata-files.ts'
import { type NumberedRecord, preservations } from '../proven.ts'
import { QUESTIONS } from '../texts/questions.ts'
import { verifyCommands } from '../texts/verify-text.ts'
import type { ReportWords } from '../words/index.ts'
import { type Block, code, list, note, type ReportDocument, type Section, text } from './document.ts'

/** What every section is written from. */
interface Contents {
  input: BundleInput
  records: readonly NumberedRecord[]
  words: ReportWords
}

type Row = [string, string | null]

/** The report over a bundle, from the bundle's own data, in one language. No picture, no preview, no judgement. */
export function composeReport(
  input: BundleInput,
  records: readonly NumberedRecord[],
  words: ReportWords,
): ReportDocument {
  const contents = { input, records, words }
  const { headings } = words
  const sections: [string, readonly Block[]][] = [
    [headings.identity, identity(contents)],
    [
      headings.shows,
      [text(words.itShows), list(words.proves), text(words.itShowsNot), list(words.provesNot)],
    ],
    [headings.exhibits, exhibits(contents)],
    [headings.messages, messages(contents)],
    [headings.captures, captures(contents)],
    [headings.custody, custody(contents)],
    [headings.withheld, withheld(contents)],
    [headings.stamps, stampsAndWitnesses(contents)],
    [headings.check, [text(words.howToCheck), code(verifyCommands(input))]],
    [headings.questions, questions(words)],
  ]
  return {
    language: words.language,
    title: words.title(input.bagName),
    subtitle: `${stated('name', input, words)} · ${input.builtAt}`,
    builtAt: input.builtAt,
    none: words.none,
    sections: sections.map(([heading, blocks], i): Section => ({ heading: `${i + 1}. ${heading}`, blocks })),
  }
}

function stated(what: 'name' | 'contact', { organisation }: BundleInput, words: ReportWords): string {
  return organisation[what] === UNSTATED_ORGANISATION[what] ? words.notStated : organisation[what]
}

function identity({ input, words }: Contents): Block[] {
  const { labels } = words
  const missing = [
    ...(input.consent === null ? [words.noConsent] : []),
    ...(input.policy === null ? [words.noLog] : []),
    ...(input.authorities.length === 0 ? [words.noStamps] : []),
  ]
  const captured = input.exhibits.filter(({ state }) => state === 'captured').length
  return [
    ...(words.translationNote === null ? [] : [note(words.translationNote)]),
    ...missing.map(note),
    text(words.summary(input.exhibits.length, captured)),
    facts([
      [labels.bundle, input.bagName],
      [labels.madeBy, stated('name', input, words)],
      [labels.contact, stated('contact', input, words)],
      [labels.madeAt, input.builtAt],
      [labels.recipient, input.agency ?? words.notStated],
      [
        labels.consent,
        input.consent ? words.consentFor(input.consent.reference, input.consent.purpose) : words.notRecorded,
      ],
      [labels.manifestKey, sshFingerprint(input.publicKey)],
      [labels.software, `Saksi ${input.version}`],
    ]),
  ]
}

function exhibits({ input, records, words }: Contents): Block[] {
  const preserved = preservations(records)
  return [
    text(words.filesNeverShown),
    ...input.exhibits.map((exhibit, i): Block => {
      const number = exhibitNumber(i)
      return facts(exhibitRows(exhibit, number, { proof: preserved.get(number), words }))
    }),
  ]
}

function exhibitRows(
  exhibit: Exhibit,
  number: string,
  { proof, words }: { proof: NumberedRecord | undefined; words: ReportWords },
): Row[] {
  const { original, enclosed, source } = exhibit
  const { labels } = words
  return [
    [labels.exhibit, number],
    [labels.kind, exhibit.kind],
    [labels.state, words.states[exhibit.state]],
    ['SHA-256', original?.sha256 ?? null],
    [labels.bytes, original ? String(original.sizeBytes ?? words.notKnownHere) : null],
    [labels.fileHere, enclosed ? enclosed.name : original ? words.noFileHere : null],
    [labels.fileHereSha256, enclosed && enclosed.name === 'original.age' ? enclosed.sha256 : null],
    [labels.nameInCapture, exhibit.originalName],
    [labels.platform, source?.platform ?? null],
    [labels.place, source?.placeId ?? null],
    [labels.message, source?.messageId ?? null],
    [labels.account, source?.authorId ?? null],
    [labels.sentUtc, source ? (source.sentAt.utc ?? words.notKnown) : null],
    [labels.sentAsWritten, source?.sentAt.local ?? null],
    [labels.postedAs, source ? (source.isForwarded ? words.forwarded : words.original) : null],
    [labels.recognisedAs, exhibit.foundBy],
    [labels.capturedBy, exhibit.capturedBy],
    [labels.device, exhibit.device],
    [labels.logRecord, proof ? words.logRecord(proof.number, proof.index) : null],
  ]
}

function messages({ input, words }: Contents): Block[] {
  const { labels } = words
  const rows = input.exhibits.flatMap(({ source }, i) =>
    source?.raw
      ? [
          [
            exhibitNumber(i),
            source.raw.file,
            words.byteRange(source.raw.start, source.raw.end),
            source.raw.sha256 ?? '',
          ],
        ]
      : [],
  )
  return [
    text(words.exportStays),
    { kind: 'table', headings: [labels.exhibit, labels.file, labels.bytes, labels.messageSha256], rows },
    ...input.exhibits.flatMap(({ message }, i) =>
      message === null ? [] : [facts(messageRows(message, exhibitNumber(i), words))],
    ),
  ]
}

function messageRows(message: NeutralMessage, number: string, words: ReportWords): Row[] {
  const { labels } = words
  return [
    [labels.messageOf, number],
    [labels.nameShown, message.authorName],
    [labels.text, message.text === '' ? words.none : message.text],
    [labels.masked, message.isMasked ? words.yesMasked : null],
    [labels.forwardedFrom, message.forwardedFrom],
    [labels.editedUtc, message.editedAt ? (message.editedAt.utc ?? message.editedAt.local) : null],
    ...message.attachments.map(
      ({ kind, state, name }): Row => [labels.fileNamed, `${kind}, ${state}${name ? `: ${name}` : ''}`],
    ),
  ]
}

function captures({ input, words: { labels, none } }: Contents): Block[] {
  return input.collections.map((one) =>
    facts([
      [labels.capture, one.id],
      [labels.form, one.format],
      [labels.digestOfAll, one.sourceSha256],
      [labels.filesRead, String(one.filesRead)],
      [labels.bytesRead, String(one.sourceBytes)],
      [labels.readAt, one.readAt],
      [labels.statedZone, one.statedZone ?? none],
      [labels.repairs, String(one.repairCount)],
      [labels.gaps, String(one.gapCount)],
    ]),
  )
}

function custody({ records, words }: Contents): Block[] {
  const { labels } = words
  const rows = records.map((record) => {
    const [n = '', at = '', event = '', role = '', , exhibit = '', , index = '', seen = ''] =
      custodyRow(record)
    return [exhibit, n, at, event, role, index, seen]
  })
  const headings = [
    labels.exhibit,
    labels.number,
    labels.timeUtc,
    labels.event,
    labels.role,
    labels.logEntry,
    labels.seenBy,
  ]
  return [text(words.claimedTimes), { kind: 'table', headings, rows }]
}

function withheld({
  input: {
    withheld: { count },
  },
  words,
}: Contents): Block[] {
  return [text(count === 0 ? words.nothingWithheld : words.withheld(count))]
}

function stampsAndWitnesses({ input, records, words }: Contents): Block[] {
  const isWitnessed = records.some(({ witnessedAt }) => witnessedAt !== null)
  const names = input.authorities.map(({ name }) => name).join(', ')
  return [
    text(names === '' ? words.nobodyAsked : words.stampedBy(names)),
    text(input.policy === null ? words.noLogKept : words.inLog(isWitnessed)),
  ]
}

function questions({ questionsElsewhere }: ReportWords): Block[] {
  if (questionsElsewhere !== null) return [text(questionsElsewhere)]
  return QUESTIONS.flatMap(({ question, answer }) => [note(question), text(answer)])
}

/** Rows without a value say nothing and are left out. */
function facts(rows: readonly Row[]): Block {
  return { kind: 'facts', rows: rows.filter((row): row is [string, string] => row[1] !== null) }
}

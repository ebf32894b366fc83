import { exhibitNumber } from '../../format/paths.ts'
import { sshFingerprint } from '../../format/ssh-public-key.ts'
import type { BundleInput, Exhibit, NeutralMessage } from '../../model.ts'
import { custodyRow } from '../metadata-files.ts'
import { type NumberedRecord, preservations } from '../proven.ts'
import { QUESTIONS } from '../texts/questions.ts'
import { verifyCommands } from '../texts/verify-text.ts'
import { type Block, code, list, note, type ReportDocument, type Section, text } from './document.ts'
import { PROVES, PROVES_NOT, STATE_WORDS } from './words.ts'

/** The report over a bundle, from the bundle's own data. No picture, no preview, no judgement. */
export function composeReport(input: BundleInput, records: readonly NumberedRecord[]): ReportDocument {
  return {
    title: `Evidence bundle ${input.bagName}`,
    subtitle: `${input.organisation.name} · ${input.builtAt}`,
    builtAt: input.builtAt,
    sections: [
      identity(input),
      {
        heading: '2. What this shows, and what it does not',
        blocks: [text('It shows:'), list(PROVES), text('It does not show:'), list(PROVES_NOT)],
      },
      exhibits(input, records),
      messages(input),
      captures(input),
      custody(records),
      withheld(input),
      stampsAndWitnesses(input, records),
      {
        heading: '9. How to check it',
        blocks: [
          text('Inside the folder of the bundle, with stock tools and no network:'),
          code(verifyCommands(input)),
        ],
      },
      {
        heading: '10. Questions to expect',
        blocks: QUESTIONS.flatMap(({ question, answer }) => [note(question), text(answer)]),
      },
    ],
  }
}

function identity(input: BundleInput): Section {
  const missing = [
    ...(input.consent === null
      ? ['The consent of the person concerned is not recorded in this bundle.']
      : []),
    ...(input.policy === null
      ? ['No log was kept, so nothing outside this organisation fixes when the exhibits existed.']
      : []),
    ...(input.authorities.length === 0 ? ['No time-stamp authority stamped this bundle.'] : []),
  ]
  const captured = input.exhibits.filter(({ state }) => state === 'captured').length
  return {
    heading: '1. What this is',
    blocks: [
      ...missing.map(note),
      text(
        `This bundle hands over ${counted(input.exhibits.length, 'exhibit')}, of which ${captured} ${captured === 1 ? 'has' : 'have'} a recorded digest. It is a selection made for one recipient. It is to be opened only by the recipient.`,
      ),
      {
        kind: 'facts',
        rows: [
          ['Bundle', input.bagName],
          ['Made by', input.organisation.name],
          ['Contact', input.organisation.contact],
          ['Made at', input.builtAt],
          ['For', input.agency ?? 'not stated'],
          [
            'Consent',
            input.consent ? `${input.consent.reference}, for ${input.consent.purpose}` : 'not recorded here',
          ],
          ['Manifest key', sshFingerprint(input.publicKey)],
          ['Software', `Saksi ${input.version}`],
        ],
      },
    ],
  }
}

function exhibits({ exhibits: all }: BundleInput, records: readonly NumberedRecord[]): Section {
  const preserved = preservations(records)
  return {
    heading: '3. Exhibits',
    blocks: [
      text('Files are never shown here. Digests are SHA-256 of the file as it was captured.'),
      ...all.map((exhibit, i): Block => {
        const number = exhibitNumber(i)
        return { kind: 'facts', rows: exhibitRows(exhibit, number, preserved.get(number)) }
      }),
    ],
  }
}

function exhibitRows(
  exhibit: Exhibit,
  number: string,
  proof: NumberedRecord | undefined,
): [string, string][] {
  const { original, enclosed, source } = exhibit
  const rows: [string, string | null][] = [
    ['Exhibit', number],
    ['Kind', exhibit.kind],
    ['State', STATE_WORDS[exhibit.state]],
    ['SHA-256', original?.sha256 ?? null],
    ['Bytes', original ? String(original.sizeBytes ?? 'not known here') : null],
    ['File here', enclosed ? enclosed.name : original ? 'none: the file stays with the organisation' : null],
    ['SHA-256 of the file here', enclosed && enclosed.name === 'original.age' ? enclosed.sha256 : null],
    ['Name in the capture', exhibit.originalName],
    ['Platform', source?.platform ?? null],
    ['Place', source?.placeId ?? null],
    ['Message', source?.messageId ?? null],
    ['Account', source?.authorId ?? null],
    ['Sent (UTC)', source ? (source.sentAt.utc ?? 'not known') : null],
    ['Sent, as written', source?.sentAt.local ?? null],
    ['Posted as', source ? (source.isForwarded ? 'forwarded message' : 'message') : null],
    ['Recognised as', exhibit.foundBy],
    ['Captured by', exhibit.capturedBy],
    ['Device, as stated', exhibit.device],
    ['Record in the log', proof ? `${proof.number}, entry ${proof.index}` : null],
  ]
  return rows.filter((row): row is [string, string] => row[1] !== null)
}

function messages({ exhibits: all }: BundleInput): Section {
  const rows = all.flatMap(({ source }, i) =>
    source?.raw
      ? [
          [
            exhibitNumber(i),
            source.raw.file,
            `${source.raw.start} to ${source.raw.end}`,
            source.raw.sha256 ?? '',
          ],
        ]
      : [],
  )
  return {
    heading: '4. Where the messages stand in the export',
    blocks: [
      text(
        'The export stays sealed with the organisation. These byte ranges cut the messages out of it: tail -c +$((start + 1)) FILE | head -c $((end - start)).',
      ),
      { kind: 'table', headings: ['Exhibit', 'File', 'Bytes', 'SHA-256 of the message'], rows },
      ...all.flatMap(({ message }, i) =>
        message === null ? [] : [{ kind: 'facts' as const, rows: messageRows(message, exhibitNumber(i)) }],
      ),
    ],
  }
}

function messageRows(message: NeutralMessage, number: string): [string, string][] {
  const rows: [string, string | null][] = [
    ['Message of exhibit', number],
    ['Name shown', message.authorName],
    ['Text', message.text === '' ? 'none' : message.text],
    ['Masked', message.isMasked ? 'yes: what could name other people is shown by its kind only' : null],
    ['Forwarded from', message.forwardedFrom],
    ['Edited (UTC)', message.editedAt ? (message.editedAt.utc ?? message.editedAt.local) : null],
    ...message.attachments.map(({ kind, state, name }): [string, string] => [
      'File named',
      `${kind}, ${state}${name ? `: ${name}` : ''}`,
    ]),
  ]
  return rows.filter((row): row is [string, string] => row[1] !== null)
}

function captures({ collections }: BundleInput): Section {
  return {
    heading: '5. Captures, gaps and repairs',
    blocks: collections.flatMap((one) => [
      {
        kind: 'facts' as const,
        rows: [
          ['Capture', one.id],
          ['Form', one.format],
          ['Digest over all its files', one.sourceSha256],
          ['Files read', String(one.filesRead)],
          ['Bytes read', String(one.sourceBytes)],
          ['Read at', one.readAt],
          ['Time zone stated by the witness', one.statedZone ?? 'none'],
          ['Repairs made while reading', String(one.repairCount)],
          ['Gaps found while reading', String(one.gapCount)],
        ] as const,
      },
    ]),
  }
}

function custody(records: readonly NumberedRecord[]): Section {
  const rows = records.map((record) => {
    const [n = '', at = '', event = '', role = '', , exhibit = '', , index = '', seen = ''] =
      custodyRow(record)
    return [exhibit, n, at, event, role, index, seen]
  })
  return {
    heading: '6. Custody',
    blocks: [
      text(
        'Times are those the author of each record claims; "seen by" is when an independent witness had signed the log with it.',
      ),
      {
        kind: 'table',
        headings: ['Exhibit', 'No.', 'Time (UTC)', 'Event', 'Role', 'Log entry', 'Seen by'],
        rows,
      },
    ],
  }
}

function withheld({ withheld: { count } }: BundleInput): Section {
  return {
    heading: '7. Withheld',
    blocks: [
      text(
        count === 0
          ? 'Nothing was withheld as suspected child abuse material.'
          : `${counted(count, 'picture')} may show a child and ${count === 1 ? 'was' : 'were'} never opened. Nothing of it is here: no file, name, size or digest. data/withheld.json has what is known about where it stood.`,
      ),
    ],
  }
}

function stampsAndWitnesses(
  { authorities, policy }: BundleInput,
  records: readonly NumberedRecord[],
): Section {
  const seen = records.map(({ witnessedAt }) => witnessedAt).filter((at) => at !== null)
  return {
    heading: '8. Time stamps and witnesses',
    blocks: [
      text(
        authorities.length === 0
          ? 'No time-stamp authority was asked.'
          : `Time-stamp authorities: ${authorities.map(({ name }) => name).join(', ')}. Each stamped the digest of tagmanifest-sha256.txt; the time is in the reply in seal/.`,
      ),
      text(
        policy === null
          ? 'No log was kept.'
          : `The records stand in an append-only log. ${seen.length === 0 ? 'No independent witness has signed it.' : 'Independent witnesses signed it; who must sign is in trust/policy.txt.'}`,
      ),
    ],
  }
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

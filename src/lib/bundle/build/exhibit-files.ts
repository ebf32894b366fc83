import { jsonBytes } from '../format/json.ts'
import { exhibitNumber, MESSAGE_REFERENCE, PATHS } from '../format/paths.ts'
import type { BagFile, BundleInput, Exhibit } from '../model.ts'
import { type MadeFile, madeFile } from './bag-file.ts'
import { messageReference } from './message-reference.ts'
import { type NumberedRecord, preservations } from './proven.ts'

/** Everything under `data/`: one folder per exhibit, one per capture, and the pointers to what is withheld. */
export function payloadFiles(input: BundleInput, records: readonly NumberedRecord[]): (MadeFile | BagFile)[] {
  const preserved = preservations(records)
  return [
    ...input.exhibits.flatMap((exhibit, i) => {
      const number = exhibitNumber(i)
      return exhibitFiles(input, exhibit, number, preserved.get(number)?.number ?? null)
    }),
    ...input.collections.flatMap(({ id, repairs, ...facts }) => [
      madeFile(
        `data/collections/${id}/collection.json`,
        jsonBytes({ v: 1, collection: id, ...facts, proof: sealOf(records, id) }),
      ),
      madeFile(
        `data/collections/${id}/repairs.json`,
        jsonBytes({ v: 1, scope: 'disclosed messages only', repairs }),
      ),
    ]),
    madeFile(PATHS.withheld, withheldBytes(input.withheld)),
  ]
}

/** `data/withheld.json`: a number, and pointers where there are any. */
export function withheldBytes({ count, items }: BundleInput['withheld']): Uint8Array {
  return jsonBytes(count === 0 ? { count } : { count, items })
}

/** The number of the record that seals a capture; null where the log does not hold it. */
function sealOf(records: readonly NumberedRecord[], collection: string): string | null {
  return records.find((record) => record.collection === collection)?.number ?? null
}

function exhibitFiles(
  { bagName }: BundleInput,
  exhibit: Exhibit,
  number: string,
  proof: string | null,
): (MadeFile | BagFile)[] {
  const folder = `data/exhibits/${number}`
  const { enclosed, rawMessage, original } = exhibit
  const reference = messageReference(exhibit)
  const description = {
    v: 1,
    exhibit: number,
    exhibitNumber: `${bagName}/${number}`,
    recordId: exhibit.recordId,
    kind: exhibit.kind,
    state: exhibit.state,
    ...(original && { plainSha256: original.sha256, plainBytes: original.sizeBytes, mime: original.mime }),
    ...(enclosed && { file: enclosed.name, fileSha256: enclosed.sha256, fileBytes: enclosed.sizeBytes }),
    source: exhibit.source,
    originalName: exhibit.originalName,
    foundBy: exhibit.foundBy,
    capturedBy: exhibit.capturedBy,
    capturedAt: exhibit.capturedAt,
    receivedAt: exhibit.receivedAt,
    device: exhibit.device,
    proof,
  }
  return [
    madeFile(`${folder}/exhibit.json`, jsonBytes(description)),
    ...(reference ? [madeFile(`${folder}/${MESSAGE_REFERENCE}`, reference)] : []),
    ...(rawMessage ? [madeFile(`${folder}/raw.bin`, rawMessage)] : []),
    ...messageFiles(folder, exhibit, number),
    ...(enclosed ? [enclosedFile(`${folder}/${enclosed.name}`, enclosed)] : []),
  ]
}

/** The message in neutral form, and those around it, for readers who cannot read the export's own form. */
function messageFiles(folder: string, { message, context, source }: Exhibit, number: string): MadeFile[] {
  if (source === null) return []
  const { platform, placeId, messageId, authorId, sentAt, isForwarded, raw } = source
  const place = { platform, placeId, messageId, authorId, sentAt, isForwarded, raw }
  return [
    ...(message
      ? [madeFile(`${folder}/message.json`, jsonBytes({ v: 1, exhibit: number, ...place, ...message }))]
      : []),
    ...(context
      ? [madeFile(`${folder}/context.json`, jsonBytes({ v: 1, exhibit: number, messages: context }))]
      : []),
  ]
}

function enclosedFile(path: string, facts: BagFile | Omit<BagFile, 'path' | 'bytes'>): BagFile {
  const { sizeBytes, sha256, sha512 } = facts
  return { path, sizeBytes, sha256, sha512, bytes: null }
}

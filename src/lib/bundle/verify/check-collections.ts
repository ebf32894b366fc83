import type { BagReader } from './bag-reader.ts'
import type { FoundFiles } from './check-files.ts'
import { type CheckList, type Finding, named } from './check-list.ts'
import type { CheckedLog } from './check-log.ts'
import { fieldOf, parseJson } from './json-fields.ts'

const MOST_BYTES = 1024 * 1024
const DESCRIPTION = /^data\/collections\/(C\d{4})\/collection\.json$/

/** Fields of `collection.json` beside those of the record that seals the capture. */
const SAME = [
  ['format', 'format'],
  ['sourceSha256', 'sourceSha256'],
  ['sourceBytes', 'sourceBytes'],
  ['repairCount', 'repairs'],
  ['gapCount', 'gaps'],
  ['recordId', 'collection'],
] as const

/**
 * That each capture is described as the log has sealed it. Answers the number of the sealing record by capture, null for
 * one that no log holds.
 */
export async function checkCollections(
  reader: BagReader,
  list: CheckList,
  files: FoundFiles,
  log: CheckedLog | null,
): Promise<ReadonlyMap<string, string | null>> {
  const sealedBy = new Map<string, string | null>()
  for (const path of files.paths) {
    const [, id] = DESCRIPTION.exec(path) ?? []
    if (id === undefined) continue
    await list.check(`collection.${id}`, `${id}: its description and the log agree.`, async () => {
      const said = parseJson(await reader.read(path, MOST_BYTES))
      if (fieldOf(said, 'v') !== 1) return 'It is of a version that is not known here.'
      if (fieldOf(said, 'collection') !== id) return 'It describes another capture.'
      const proof = fieldOf(said, 'proof')
      if (proof === null) {
        sealedBy.set(id, null)
        return fieldOf(said, 'recordId') === null ? null : 'It names a record without a proof.'
      }
      if (typeof proof !== 'string') return 'It does not say whether a log holds it.'
      sealedBy.set(id, proof)
      return sealFinding(said, log?.seals.get(proof))
    })
  }
  return sealedBy
}

function sealFinding(said: unknown, seal: Readonly<Record<string, unknown>> | undefined): Finding {
  if (seal === undefined) return 'There is no record that seals it and holds.'
  return named(
    'The log says otherwise about',
    SAME.filter(([field, body]) => fieldOf(said, field) !== seal[body]).map(([field]) => field),
  )
}

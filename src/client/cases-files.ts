import { partCount } from '#contract/sizes.ts'
import { type FileDescription, openFile, sealedFileLength } from '#lib/seal/index.ts'
import type { OpenCase } from './cases.ts'
import type { Desk } from './staff-desk.ts'

/**
 * A file of a case, piece by piece, one part in memory at a time. What it gives is the file only when it ends without an error:
 * its length and digest are those that its sealed description names. Throws `CallError` (`cases.part`), `SealError` BLOB_MISMATCH,
 * SEAL_BROKEN, FRAME_INVALID.
 */
export function openCaseFile(
  desk: Desk,
  open: Pick<OpenCase, 'id' | 'keys'>,
  file: FileDescription,
): AsyncGenerator<Uint8Array> {
  const identities = open.keys.map(({ identity }) => identity)
  return openFile(partsOf(desk, open.id, file), identities, file)
}

async function* partsOf(
  { client, session }: Desk,
  id: string,
  { blob, sizeBytes }: FileDescription,
): AsyncGenerator<Uint8Array> {
  const parts = partCount(sealedFileLength(sizeBytes))
  for (let part = 0; part < parts; part++) {
    yield await client.cases.part({ session: session.token, case: id, blob, part })
  }
}

import { open } from 'node:fs/promises'
import type { BagFile } from '#lib/bundle/index.ts'
import { writeZip, type ZipInput } from './zip-writer.ts'

/** A file of the bag that lies in the staging folder until the archive has it. */
export interface StagedFile {
  path: string
  sizeBytes: number
  crc32: number
}

/** Writes all files of a bag into an archive that must not exist yet, and waits until it is on the disk. */
export async function packBag(
  zip: string,
  enclosed: ReadonlyMap<string, StagedFile>,
  bagName: string,
  files: readonly BagFile[],
): Promise<void> {
  const inputs = files.map(({ path, bytes }): ZipInput => {
    const name = `${bagName}/${path}`
    const staged = enclosed.get(path)
    if (bytes !== null) return { name, bytes }
    if (staged === undefined) throw new Error(`${path} was planned and never made`)
    return { name, ...staged }
  })
  const handle = await open(zip, 'wx', 0o600)
  try {
    await writeZip(handle, inputs)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

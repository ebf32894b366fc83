import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { writeZip, type ZipInput } from '#cli/bundle/zip-writer.ts'
import { publicKeyOf, sshFingerprint } from '#lib/bundle/index.ts'
import { type SampleOptions, sampleExhibit, sealedBag, testId } from '#lib/bundle/testing.ts'

const seed = createHash('sha256').update('saksi test key manifest').digest()
export const FINGERPRINT = sshFingerprint(publicKeyOf(seed))

/** A sealed bag of synthetic exhibits, recorded in a log that two witnesses have seen. */
export async function sampleBag({
  exhibitCount = 1,
  ...options
}: SampleOptions & { exhibitCount?: number } = {}) {
  const exhibits = Array.from({ length: exhibitCount }, (_, i) =>
    sampleExhibit({ recordId: testId(`exhibit ${i}`) }),
  )
  return await sealedBag({ exhibits, ...options })
}

export function writeBag(folder: string, files: ReadonlyMap<string, Uint8Array>): void {
  for (const [path, bytes] of files) {
    const target = join(folder, path)
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, bytes)
  }
}

/** An archive in a file that must not be there yet. */
export async function writeZipFile(path: string, inputs: readonly ZipInput[]): Promise<void> {
  const handle = await open(path, 'wx')
  try {
    await writeZip({ write: (bytes) => handle.writeFile(bytes) }, inputs)
  } finally {
    await handle.close()
  }
}

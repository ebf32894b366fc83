import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ScanReport, scanReport } from '#contract/scan-report.ts'
import { BundleFileError } from './errors.ts'

const MANIFEST = 'manifest-sha256.txt'
const FILES = ['export-sha256.txt', 'report.html', 'report.json']
const LINE = /^([0-9a-f]{64}) {2}([a-z0-9.-]+)$/

export interface ReadScan {
  report: ScanReport
  /** Digest of the manifest over the report, which names the report without disclosing it. */
  manifestSha256: string
}

/**
 * Reads the folder a scan wrote, after holding every file of it against its manifest. Throws `BundleFileError`
 * `SCAN_UNREADABLE` or, when anything differs from what the scan wrote, `SCAN_CHANGED`.
 */
export async function readScan(folder: string): Promise<ReadScan> {
  const manifest = await read(folder, MANIFEST)
  const listed = new Map(
    manifest
      .toString('utf8')
      .split('\n')
      .flatMap((line) => {
        const [, digest, name] = LINE.exec(line) ?? []
        return digest !== undefined && name !== undefined ? [[name, digest] as const] : []
      }),
  )
  const names = (await readdir(folder)).filter((name) => name !== MANIFEST).sort()
  if (names.join() !== FILES.join() || [...listed.keys()].sort().join() !== FILES.join())
    throw changed('it does not hold exactly the files a scan writes')
  const contents = new Map<string, Buffer>()
  for (const name of FILES) {
    const bytes = await read(folder, name)
    if (sha256(bytes) !== listed.get(name)) throw changed(`${name} is not as the scan wrote it`)
    contents.set(name, bytes)
  }
  return { report: parse(contents.get('report.json')), manifestSha256: sha256(manifest) }
}

function parse(bytes: Buffer | undefined): ScanReport {
  try {
    const parsed = scanReport.safeParse(JSON.parse(bytes?.toString('utf8') ?? ''))
    if (parsed.success) return parsed.data
  } catch {
    // Not JSON: refused below.
  }
  throw new BundleFileError(
    'SCAN_UNREADABLE',
    'report.json is not a report that this version of Saksi knows.',
  )
}

async function read(folder: string, name: string): Promise<Buffer> {
  return readFile(join(folder, name)).catch((cause: unknown) => {
    throw new BundleFileError(
      'SCAN_UNREADABLE',
      `The folder does not hold the report of a scan: ${name} cannot be read. Make one with: saksi scan EXPORT --bank BANK --out FOLDER`,
      { cause },
    )
  })
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function changed(why: string): BundleFileError {
  return new BundleFileError('SCAN_CHANGED', `The report was not taken: ${why}. Scan the export again.`)
}

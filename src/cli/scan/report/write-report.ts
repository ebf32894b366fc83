import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, open } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import {
  asOutputError,
  MANIFEST,
  moveInto,
  type REPORT_FILES,
  type ReportPlace,
  refuseStrangers,
  removeReport,
  unfinishedPrefix,
} from './report-folder.ts'

export type ReportFiles = Record<(typeof REPORT_FILES)[number], string>

/**
 * Writes the files and a manifest over them into the folder, all or nothing: they are written and synced beside it under
 * another name, and the finished folder takes its place in one step. A kill at any point leaves either no folder, the
 * former one, or the whole new one; what a kill leaves beside it, the next scan clears away (`prepareReportFolder`).
 * Throws `AppError` `OUTPUT_EXISTS`, `OUTPUT_UNUSABLE`, and the reason of `signal` when it is aborted in time.
 */
export async function writeReport(
  { folder, replaces }: ReportPlace,
  files: ReportFiles,
  signal: AbortSignal,
): Promise<void> {
  const target = resolve(folder)
  const parent = dirname(target)
  let staged: string | null = null
  try {
    await mkdir(parent, { recursive: true })
    staged = await mkdtemp(unfinishedPrefix(target, process.pid))
    const all = { ...files, [MANIFEST]: manifestOf(files) }
    for (const [name, text] of Object.entries(all)) await writeSynced(join(staged, name), text)
    await syncFolder(staged)
    signal.throwIfAborted()
    // The scan may have taken hours, and the folder be another one by now.
    await refuseStrangers(target, replaces)
    await moveInto(staged, target)
    await syncFolder(parent)
  } catch (error) {
    if (staged !== null) await removeReport(staged)
    throw asOutputError(error, folder)
  }
}

/** `sha256sum -c` format. */
function manifestOf(files: ReportFiles): string {
  const lines = Object.entries(files).map(
    ([name, text]) => `${createHash('sha256').update(text).digest('hex')}  ${name}\n`,
  )
  return lines.sort((a, b) => (a.slice(64) < b.slice(64) ? -1 : 1)).join('')
}

async function writeSynced(path: string, text: string): Promise<void> {
  const handle = await open(path, 'wx', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

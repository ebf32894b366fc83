import { createHash } from 'node:crypto'
import { lstat, mkdir, mkdtemp, open, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { AppError } from '#lib/errors/index.ts'

export interface ReportFiles {
  [name: string]: string
}

const MANIFEST = 'manifest-sha256.txt'
const FORMER = '-former'

/**
 * Refuses a place where a report cannot go, before any work is done: `OUTPUT_EXISTS` when the folder holds something and
 * `replaces` is false, or holds anything that is not a report of ours; `OUTPUT_UNUSABLE` when it is no folder.
 */
export async function checkReportFolder(
  folder: string,
  replaces: boolean,
  ours: readonly string[],
): Promise<void> {
  const info = await lstat(folder).catch(() => null)
  if (info === null) return
  if (!info.isDirectory())
    throw new AppError('OUTPUT_UNUSABLE', `"${folder}" is not a folder. Choose another place for the report.`)
  const names = await readdir(folder)
  if (names.length === 0) return
  if (!replaces) {
    throw new AppError(
      'OUTPUT_EXISTS',
      `"${folder}" already holds files. Choose a new folder, or add --replace to replace a report there.`,
    )
  }
  const strangers = names.filter((name) => name !== MANIFEST && !ours.includes(name))
  if (strangers.length > 0) {
    throw new AppError(
      'OUTPUT_EXISTS',
      `"${folder}" holds files that are not a report (${strangers[0]}), so it is not replaced.`,
    )
  }
}

/**
 * Writes the files and a manifest over them into `folder`, all or nothing: they are written and synced beside it under
 * another name, and the finished folder takes its place in one step. A kill at any point leaves either no folder, the
 * former one, or the whole new one; what an earlier kill left beside it is removed.
 */
export async function writeReport(folder: string, files: ReportFiles): Promise<void> {
  const target = resolve(folder)
  const parent = dirname(target)
  await mkdir(parent, { recursive: true })
  const prefix = `.${basename(target)}.saksi-unfinished-`
  await clearUnfinished(parent, prefix, target)
  const staged = await mkdtemp(join(parent, prefix))
  try {
    const all = { ...files, [MANIFEST]: manifestOf(files) }
    for (const [name, text] of Object.entries(all)) await writeSynced(join(staged, name), text)
    await syncFolder(staged)
    await moveInto(staged, target, `${staged}${FORMER}`)
    await syncFolder(parent)
  } catch (error) {
    await rm(staged, { recursive: true, force: true })
    throw error
  }
}

/** What a killed run left beside the folder; a former report that had only stepped aside is put back. */
async function clearUnfinished(parent: string, prefix: string, target: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!name.startsWith(prefix)) continue
    const isFormer = name.endsWith(FORMER)
    if (isFormer && (await lstat(target).catch(() => null)) === null) await rename(join(parent, name), target)
    else await rm(join(parent, name), { recursive: true, force: true })
  }
}

/** `sha256sum -c` format. */
export function manifestOf(files: ReportFiles): string {
  const names = Object.keys(files).sort()
  return names
    .map(
      (name) =>
        `${createHash('sha256')
          .update(files[name] ?? '')
          .digest('hex')}  ${name}\n`,
    )
    .join('')
}

/** `rename` replaces an empty folder in one step, but not a full one: that steps aside first. */
async function moveInto(staged: string, target: string, former: string): Promise<void> {
  const isFull = await readdir(target).then(
    (names) => names.length > 0,
    () => false,
  )
  if (isFull) await rename(target, former)
  await rename(staged, target)
  if (isFull) await rm(former, { recursive: true, force: true })
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

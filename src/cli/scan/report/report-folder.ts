import { constants, type Stats } from 'node:fs'
import { access, lstat, readdir, realpath, rename, rm, rmdir } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { AppError } from '#lib/errors/index.ts'

export const MANIFEST = 'manifest-sha256.txt'
export const REPORT_FILES = ['report.json', 'report.html', 'export-sha256.txt'] as const

const OURS: readonly string[] = [MANIFEST, ...REPORT_FILES]
const FORMER = '-former'

/** Where a report goes. */
export interface ReportPlace {
  folder: string
  /** Whether a report that is already there may be replaced. */
  replaces: boolean
}

/**
 * Refuses a place where a report cannot go, before any work is done: `OUTPUT_EXISTS` when the folder holds something and
 * `replaces` is false, or holds anything that is not a report of ours; `OUTPUT_UNUSABLE` when it is no folder, cannot be
 * written, or lies inside the export. A report that a killed run had moved aside is put back first.
 */
export async function prepareReportFolder(
  { folder, replaces }: ReportPlace,
  exportPath: string,
): Promise<void> {
  if (folder === '') throw unusable('--out needs the name of a folder.')
  const target = resolve(folder)
  try {
    await refuseInsideExport(target, exportPath)
    await refuseUnwritable(folder, target)
    await clearUnfinished(target)
    await refuseStrangers(target, replaces)
  } catch (error) {
    throw asOutputError(error, folder)
  }
}

/** Refuses a target that holds anything but, where `replaces` is true, a report. Throws as `prepareReportFolder` does. */
export async function refuseStrangers(target: string, replaces: boolean): Promise<void> {
  const info = await infoOf(target)
  if (info === null) return
  if (!info.isDirectory()) throw unusable(`"${target}" is not a folder. Choose another place for the report.`)
  const entries = await readdir(target, { withFileTypes: true })
  if (entries.length === 0) return
  if (!replaces) {
    throw new AppError(
      'OUTPUT_EXISTS',
      `"${target}" already holds files. Choose a new folder, or add --replace to replace a report there.`,
    )
  }
  const stranger = entries.find((entry) => !entry.isFile() || !OURS.includes(entry.name))
  if (stranger) {
    throw new AppError(
      'OUTPUT_EXISTS',
      `"${target}" holds files that are not a report (${stranger.name}), so it is not replaced.`,
    )
  }
}

/** How the names begin under which a report for `target` is made, beside it; those of this process end in its number. */
export function unfinishedPrefix(target: string, pid: number | null): string {
  return join(dirname(target), `.${basename(target)}.saksi-unfinished-${pid === null ? '' : `${pid}-`}`)
}

/**
 * Puts the finished folder in its place. `rename` replaces an empty folder in one step, but not a full one: that steps
 * aside first, and is removed at the end.
 */
export async function moveInto(staged: string, target: string): Promise<void> {
  const former = `${staged}${FORMER}`
  const isFull = await readdir(target).then(
    (names) => names.length > 0,
    () => false,
  )
  if (isFull) await rename(target, former)
  await rename(staged, target)
  if (isFull) await removeReport(former)
}

/** Removes a report and nothing else: a file of somebody else keeps its folder. */
export async function removeReport(folder: string): Promise<void> {
  for (const name of OURS) await rm(join(folder, name), { force: true })
  await rmdir(folder).catch((error: unknown) => {
    if (!hasCode(error, 'ENOTEMPTY', 'ENOENT')) throw error
  })
}

/** What killed runs left beside the folder; a former report that had only stepped aside is put back. */
async function clearUnfinished(target: string): Promise<void> {
  const prefix = basename(unfinishedPrefix(target, null))
  const parent = dirname(target)
  const names = (await infoOf(parent)) === null ? [] : await readdir(parent)
  for (const name of names) {
    if (!name.startsWith(prefix) || isAlive(Number.parseInt(name.slice(prefix.length), 10))) continue
    const left = join(parent, name)
    if (name.endsWith(FORMER) && (await infoOf(target)) === null) await rename(left, target)
    else await removeReport(left)
  }
}

/** A run under way must not lose what it is writing. */
function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return !hasCode(error, 'ESRCH')
  }
}

/** The export is evidence: nothing may be added to it. */
async function refuseInsideExport(target: string, exportPath: string): Promise<void> {
  const root = await realpath(exportPath).catch(() => null)
  if (root === null) return
  const place = relative(root, await realAncestor(target))
  const isInside = place === '' || (place !== '..' && !place.startsWith('../') && !place.startsWith('/'))
  if (!isInside || !(await lstat(root)).isDirectory()) return
  throw unusable('The report cannot go into the export, which is never changed. Choose a folder outside it.')
}

async function refuseUnwritable(folder: string, target: string): Promise<void> {
  const nearest = await nearestThere(dirname(target))
  await access(nearest, constants.W_OK | constants.X_OK).catch((cause: unknown) => {
    throw unusable(`"${folder}" cannot be made: "${nearest}" cannot be written to.`, cause)
  })
  if (!(await lstat(await realpath(nearest))).isDirectory())
    throw unusable(`"${folder}" cannot be made: "${nearest}" is not a folder.`)
}

async function nearestThere(path: string): Promise<string> {
  for (let at = path; ; at = dirname(at)) if ((await infoOf(at)) !== null || at === dirname(at)) return at
}

/** The path with its links resolved as far as it exists. */
async function realAncestor(target: string): Promise<string> {
  const nearest = await nearestThere(target)
  return join(await realpath(nearest).catch(() => nearest), relative(nearest, target))
}

/** Null when there is nothing. */
async function infoOf(path: string): Promise<Stats | null> {
  return lstat(path).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return null
    throw error
  })
}

export function asOutputError(error: unknown, folder: string): unknown {
  if (!(error instanceof Error) || error instanceof AppError || !('syscall' in error)) return error
  const reason = 'code' in error ? String(error.code) : ''
  if (reason === 'ENOTEMPTY' || reason === 'EEXIST')
    return new AppError('OUTPUT_EXISTS', `"${folder}" was filled by another program meanwhile.`, {
      cause: error,
    })
  return unusable(`The report cannot be written to "${folder}" (${reason}). Nothing was left there.`, error)
}

function unusable(message: string, cause?: unknown): AppError {
  return new AppError('OUTPUT_UNUSABLE', message, { cause })
}

function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code))
}

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A new empty folder that only this user may enter. The caller removes it. */
export function makeTemporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'saksi-server-test-'))
}

/** The same, removed when the running test ends. Call it before what uses the folder is opened. */
export function temporaryFolder(): string {
  const folder = makeTemporaryFolder()
  onTestFinished(() => removeFolder(folder))
  return folder
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
}

/** Makes `to`, which exists, a copy of `from` with its owners and modes: a database set up once serves many tests. */
export function copyFolder(from: string, to: string): void {
  execFileSync('cp', ['-a', `${from}/.`, to])
}

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { syntheticPicture, syntheticRows, withWindows } from './synthetic-picture.ts'

export { syntheticPicture, syntheticRows, withWindows }

/** A path in a folder that goes away with the test. */
export function bankPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'saksi-bank-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'bank.jsonl')
}

export function refusedWith(code: string): unknown {
  return expect.objectContaining({ code })
}

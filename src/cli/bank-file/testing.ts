import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { syntheticPicture } from './synthetic-picture.ts'

export { syntheticPicture }

/** A path in a folder that goes away with the test. */
export function bankPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'saksi-bank-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'bank.jsonl')
}

export function refusedWith(code: string): unknown {
  return expect.objectContaining({ code })
}

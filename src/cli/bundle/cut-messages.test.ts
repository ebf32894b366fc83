import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ReportedMatch } from '#contract/scan-report.ts'
import { type LocalTree, openSourceTree } from '../source/index.ts'
import { cutMessages } from './cut-messages.ts'

const folder = mkdtempSync(join(tmpdir(), 'saksi-cut-'))
/** Begins like a JPEG; nothing can be seen in it. */
const picture = Buffer.concat([Buffer.from('ffd8ffe000104a46494600', 'hex'), Buffer.alloc(500, 7)])
const text = Buffer.from('[{"id":1},{"id":2}]')
let tree: LocalTree

beforeAll(async () => {
  writeFileSync(join(folder, 'a.jpg'), picture)
  writeFileSync(join(folder, 'result.json'), text)
  tree = await openSourceTree(folder)
})
afterAll(async () => {
  await tree.close()
  rmSync(folder, { recursive: true })
})

const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

function selected(raw: ReportedMatch['raw'], attachment: { path: string; sha256: string }) {
  const match: ReportedMatch = {
    entry: 'S-1',
    rule: 'exact-file',
    distance: null,
    variant: null,
    copy: { isSameFile: true, isMirrored: false, turnedDegrees: 0, hasBorder: false },
    messageId: '1',
    sentAt: null,
    sentAtLocal: null,
    placeId: 'files:x',
    senderId: null,
    isForwarded: false,
    isNamedTwice: false,
    attachment: { kind: 'photo', state: 'present', ...attachment },
    raw,
    identifiers: [],
    identifiersLeftOut: 0,
  }
  return [{ match, file: null }]
}

it('cuts a message byte for byte', async () => {
  const part = text.subarray(1, 9)
  const raw = { file: 'result.json', start: 1, end: 9, sha256: digest(part) }
  const [cut] = await cutMessages(tree, selected(raw, { path: 'a.jpg', sha256: digest(picture) }))
  expect(Buffer.from(cut ?? []).toString()).toBe('{"id":1}')
})

it('never takes a picture for the bytes of its message', async () => {
  const whole = { file: 'a.jpg', start: 0, end: picture.length, sha256: digest(picture) }
  for (const attachment of [
    { path: 'a.jpg', sha256: digest(picture) },
    { path: 'photos/other.jpg', sha256: digest(picture) },
    { path: 'a.jpg', sha256: digest(text) },
    // As if the report named another file: what begins like a picture stays here all the same.
    { path: 'photos/other.jpg', sha256: digest(text) },
  ])
    expect(await cutMessages(tree, selected(whole, attachment)), attachment.path).toEqual([null])
})

it('refuses an export that was not the one scanned', async () => {
  const other = { path: 'photos/x.jpg', sha256: digest(Buffer.from('another')) }
  for (const raw of [
    { file: 'result.json', start: 1, end: 9, sha256: digest(picture) },
    { file: 'gone.json', start: 1, end: 9, sha256: digest(text) },
    { file: 'result.json', start: 500, end: 600, sha256: digest(text) },
  ])
    await expect(cutMessages(tree, selected(raw, other))).rejects.toMatchObject({ code: 'SCAN_CHANGED' })
})

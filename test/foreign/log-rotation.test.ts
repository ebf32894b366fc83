import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { bytesToBase64 } from '#lib/bytes/index.ts'
import { formatVkey, type NoteSignature, parseCheckpoint, parseNote, type Vkey } from '#lib/tlog/index.ts'
import {
  beginKeyRotation,
  finishKeyRotation,
  initLog,
  type LogStore,
  makeCheckpoint,
  openLog,
  readKeyFile,
} from '#node/log-store/index.ts'
import { temporaryFolder } from '../run-saksi.ts'
import { runGo } from './go/run-go.ts'

const ORIGIN = 'custody.example.org/log'
const random = (bytes: number): Uint8Array => new Uint8Array(randomBytes(bytes))

const noteVerdicts = z.object({
  Opened: z.array(z.object({ Error: z.string(), Names: z.array(z.string()).nullable() })),
})
const treeVerdicts = z.object({ Trees: z.array(z.string()) })

/** A log that got a new key: what it had published before, while both signed, and after. */
async function rotatedLog() {
  const temporary = temporaryFolder()
  onTestFinished(temporary.remove)
  const folder = join(temporary.path, 'log')
  await initLog(folder, { origin: ORIGIN, random, now: () => new Date() })
  const oldKey = (await readKeyFile(join(folder, 'keys', 'log.key'), 'log')).vkey
  const publish = async (): Promise<string> => {
    expect((await makeCheckpoint(folder, { isOutOfTurn: true })).state).toBe('published')
    return readFileSync(join(folder, 'served', 'checkpoint'), 'utf8')
  }
  const withLog = async <Value>(work: (log: LogStore) => Promise<Value>): Promise<Value> => {
    const log = await openLog(folder)
    try {
      return await work(log)
    } finally {
      await log.close()
    }
  }
  const before = await publish()
  const { newKey } = await withLog((log) => beginKeyRotation(log))
  const during = await publish()
  await withLog((log) => finishKeyRotation(log, { isEarly: true }))
  const after = await publish()
  return { path: temporary.path, folder, oldKey, newKey, notes: [before, during, after] }
}

/** What Go says of notes to somebody who knows these keys: the names of those that signed, or why not. */
function openedByGo(vkeys: readonly Vkey[], notes: readonly string[]): (string[] | string)[] {
  const request = { Vkeys: vkeys.map(formatVkey), Notes: notes, Text: 'x\n', Time: 1 }
  const { Opened } = noteVerdicts.parse(runGo('note.go', request))
  return Opened.map(({ Error: error, Names }) => Names ?? error)
}

it('publishes before, during and after a change of keys what Go accepts with the keys of that time alone', async () => {
  const { folder, oldKey, newKey, notes } = await rotatedLog()
  expect(openedByGo([oldKey], notes)).toEqual([[ORIGIN], [ORIGIN], 'unverified'])
  expect(openedByGo([newKey], notes)).toEqual(['unverified', [ORIGIN], [ORIGIN]])
  expect(openedByGo([oldKey, newKey], notes)).toEqual([[ORIGIN], [ORIGIN, ORIGIN], [ORIGIN]])
  const larger = notes.map((note) => note.replace(/\n(\d+)\n/, '\n1$1\n'))
  expect(openedByGo([oldKey, newKey], larger)).toEqual(['invalid', 'invalid', 'invalid'])
  // The keys changed; the history is one, from the first tree to the last.
  const trees = notes.map((note) => {
    const { size, root } = parseCheckpoint(parseNote(note).text)
    return { Size: size, Root: bytesToBase64(root) }
  })
  expect(trees.map(({ Size }) => Size)).toEqual([16, 32, 48])
  expect(
    treeVerdicts.parse(runGo('tree.go', { Folder: join(folder, 'served'), Trees: trees })).Trees,
  ).toEqual(['', '', ''])
}, 180_000)

it('signs with each of the two keys so that OpenSSL can check it', async () => {
  const { path, oldKey, newKey, notes } = await rotatedLog()
  const file = (name: string): string => join(path, name)
  const isVerified = (vkey: Vkey, text: string, { signature }: NoteSignature): boolean => {
    writeFileSync(
      file('key.der'),
      Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), vkey.publicKey]),
    )
    writeFileSync(file('message'), text)
    writeFileSync(file('signature'), signature)
    const key = ['-pubin', '-keyform', 'DER', '-inkey', file('key.der')]
    const what = ['-rawin', '-in', file('message'), '-sigfile', file('signature')]
    const { status, error } = spawnSync('openssl', ['pkeyutl', '-verify', ...key, ...what])
    if (error) throw error
    return status === 0
  }
  const signedBy = notes.map((note) => {
    const { text, signatures } = parseNote(note)
    return signatures.map((signature) => [oldKey, newKey].map((vkey) => isVerified(vkey, text, signature)))
  })
  expect(signedBy).toEqual([
    [[true, false]],
    [
      [true, false],
      [false, true],
    ],
    [[false, true]],
  ])
}, 180_000)

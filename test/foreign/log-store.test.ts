import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { bytesToBase64, bytesToHex } from '#lib/bytes/index.ts'
import {
  canonicalRecord,
  commitmentOf,
  formatVkey,
  parseCheckpoint,
  parseNote,
  parseProof,
  type Vkey,
  witnessKey,
} from '#lib/tlog/index.ts'
import {
  enterScan,
  initLog,
  makeCheckpoint,
  openLog,
  proveRecord,
  readKeyFile,
} from '#node/log-store/index.ts'
import { addLog, makeStateFolders, serveWitness } from '#node/witness/index.ts'
import { temporaryFolder } from '../run-saksi.ts'
import { runGo } from './go/run-go.ts'

const ORIGIN = 'custody.example.org/log'
const random = (bytes: number): Uint8Array => new Uint8Array(randomBytes(bytes))

const treeVerdicts = z.object({ Trees: z.array(z.string()), Records: z.array(z.boolean()).nullable() })
const noteVerdicts = z.object({
  Opened: z.array(z.object({ Error: z.string(), Names: z.array(z.string()).nullable() })),
})

/** A log with two witnesses, and what it has published at each of its checkpoints. */
async function publishedLog() {
  const temporary = temporaryFolder()
  onTestFinished(temporary.remove)
  const keys = ['w1.example', 'w2.example'].map((name) => witnessKey(name, random(32)))
  const running = await Promise.all(
    keys.map(async (key, i) => {
      const state = join(temporary.path, `seen-${i}`)
      const witness = await serveWitness({ key, state, host: '127.0.0.1', port: 0 })
      onTestFinished(() => witness.close())
      return { key, state, url: witness.url }
    }),
  )
  const folder = join(temporary.path, 'log')
  const witnesses = running.map(({ key, url }) => `${formatVkey(key.vkey)}@${url}`)
  await initLog(folder, { origin: ORIGIN, witnesses, random, now: () => new Date() })
  const { vkey } = await readKeyFile(join(folder, 'keys', 'log.key'), 'log')
  for (const { state } of running) {
    await makeStateFolders(state)
    await addLog(state, vkey, ORIGIN)
  }
  const facts = {
    format: 'telegram-json',
    sourceSha256: 'ab'.repeat(32),
    sourceBytes: 12,
    repairs: 0,
    gaps: 0,
  }
  const scan = await enterScan(folder, { ...facts, items: [new TextEncoder().encode('{"message":1}')] })
  const notes: string[] = []
  for (const count of [0, 17, 200]) {
    const log = await openLog(folder)
    await Promise.all(
      Array.from({ length: count }, () =>
        log.appendCommitment({ commitment: random(32), manifestSha256: 'cd'.repeat(32) }),
      ),
    )
    await log.close()
    const outcome = await makeCheckpoint(folder, { isOutOfTurn: true })
    expect(outcome.state).toBe('published')
    notes.push(readFileSync(join(folder, 'served', 'checkpoint'), 'utf8'))
  }
  return { temporary, folder, notes, scan, logKey: vkey, witnessKeys: keys.map((key) => key.vkey) }
}

it('publishes trees, entries and notes that Go accepts, and Go sees when one byte is another', async () => {
  const { temporary, folder, notes, scan, logKey, witnessKeys } = await publishedLog()
  const trees = notes.map((note) => {
    const { size, root } = parseCheckpoint(parseNote(note).text)
    return { Size: size, Root: bytesToBase64(root) }
  })
  expect(trees.map(({ Size }) => Size)).toEqual([16, 80, 336])
  const { proof, verified } = await proveRecord(folder, scan.record)
  const claim = {
    Index: verified.index,
    Size: 336,
    Leaf: execFileSync('openssl', ['dgst', '-sha256', '-binary'], {
      input: Buffer.concat([Buffer.from([0]), Buffer.from(`saksi-leaf/v1 ${scan.commitment}\n`)]),
    }).toString('base64'),
    Root: trees.at(-1)?.Root,
    Proof: parseProof(proof).hashes.map(bytesToBase64),
  }
  const served = join(folder, 'served')
  const records = [claim, { ...claim, Index: (claim.Index + 1) % 336 }]
  const judged = treeVerdicts.parse(runGo('tree.go', { Folder: served, Trees: trees, Records: records }))
  expect(judged).toEqual({ Trees: ['', '', ''], Records: [true, false] })

  const vkeys = [logKey, ...witnessKeys].map(formatVkey)
  const flipped = notes.map((note) => note.replace('\n16\n', '\n17\n'))
  const opened = noteVerdicts.parse(
    runGo('note.go', { Vkeys: vkeys, Notes: [...notes, flipped[0]], Text: 'x\n', Time: 1 }),
  )
  expect(opened.Opened.map(({ Names }) => Names?.toSorted() ?? null)).toEqual([
    ...Array(3).fill([ORIGIN, 'w1.example', 'w2.example']),
    null,
  ])

  const copy = join(temporary.path, 'copy')
  cpSync(served, copy, { recursive: true })
  const bundle = join(copy, 'tile', 'entries', '000')
  const bytes = readFileSync(bundle)
  bytes.writeUInt8((bytes[700] ?? 0) ^ 1, 700)
  writeFileSync(bundle, bytes)
  const altered = treeVerdicts.parse(runGo('tree.go', { Folder: copy, Trees: trees.slice(2) }))
  expect(altered.Trees[0]).not.toBe('')
}, 180_000)

it('signs and commits so that OpenSSL can check it', async () => {
  const { temporary, folder, notes, scan, logKey, witnessKeys } = await publishedLog()
  const note = parseNote(notes.at(-1) ?? '')
  const check = (vkey: Vkey, message: Buffer, signature: Uint8Array): string => {
    const file = (name: string): string => join(temporary.path, name)
    const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), vkey.publicKey])
    writeFileSync(file('key.der'), spki)
    writeFileSync(file('message'), message)
    writeFileSync(file('signature'), signature)
    return execFileSync(
      'openssl',
      [
        'pkeyutl',
        '-verify',
        '-pubin',
        '-keyform',
        'DER',
        '-inkey',
        file('key.der'),
        '-rawin',
        '-in',
        file('message'),
        '-sigfile',
        file('signature'),
      ],
      { encoding: 'utf8' },
    )
  }
  for (const { name, signature } of note.signatures) {
    const vkey = [logKey, ...witnessKeys].find((key) => key.name === name) ?? logKey
    const time = Buffer.from(signature).readBigUInt64BE(0)
    const isLog = name === ORIGIN
    const message = isLog ? note.text : `cosignature/v1\ntime ${time}\n${note.text}`
    const verdict = check(vkey, Buffer.from(message), isLog ? signature : signature.subarray(8))
    expect(verdict).toContain('Signature Verified Successfully')
  }
  expect(note.signatures).toHaveLength(3)

  const { verified } = await proveRecord(folder, scan.record)
  if (verified.opening === null) throw new Error('no opening')
  const { salt, record } = verified.opening
  const mac = ['dgst', '-sha256', '-mac', 'HMAC', '-macopt', `hexkey:${bytesToHex(salt)}`, '-binary']
  const commitment = execFileSync('openssl', mac, { input: canonicalRecord(record) })
  expect(commitment.toString('base64')).toBe(scan.commitment)
  expect(bytesToBase64(commitmentOf(verified.opening))).toBe(scan.commitment)
}, 180_000)

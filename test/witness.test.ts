import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import {
  acceptCosignatures,
  consistencyProof,
  formatAddCheckpoint,
  formatCheckpoint,
  formatVkey,
  leafHash,
  noteKey,
  parseCheckpoint,
  parseNote,
  parseVkey,
  rootOf,
  signNote,
} from '#lib/tlog/index.ts'
import { run, serving, witnessProgram } from './log-program.ts'
import { saksi, temporaryFolder } from './run-saksi.ts'

const KILLS = 12
const ORIGIN = 'log.example/custody'
const KEY = noteKey(ORIGIN, new Uint8Array(32).fill(7))
const leaves = Array.from({ length: 1_000 }, (_, i) => leafHash(new TextEncoder().encode(`entry ${i}`)))

function noteAt(size: number): string {
  return signNote(formatCheckpoint({ origin: ORIGIN, size, root: rootOf(leaves.slice(0, size)) }), [KEY])
}

async function add(url: string, oldSize: number, size: number): Promise<{ status: number; text: string }> {
  const proof = await consistencyProof(oldSize, size, (subtrees) =>
    subtrees.map(({ level, index }) => rootOf(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level))),
  )
  const body = formatAddCheckpoint({ oldSize, proof, note: parseNote(noteAt(size)) })
  const response = await fetch(`${url}/add-checkpoint`, { method: 'POST', body })
  return { status: response.status, text: await response.text() }
}

it('never forgets what it has co-signed, however often it is killed', async () => {
  const temporary = temporaryFolder()
  onTestFinished(temporary.remove)
  let witness = await witnessProgram(temporary.path, 'w1')
  await witness.know(formatVkey(KEY.vkey))
  const { args, vkey } = witness
  let acknowledged = 0
  for (let kill = 0; kill < KILLS; kill++) {
    let killing: Promise<unknown> | null = null
    // Goes on until the connection breaks; what was not answered may have been stored or not.
    for (let isUp = true; isUp; ) {
      const from = await whereItIs(witness.url)
      if (from !== null) expect(from).toBeGreaterThanOrEqual(acknowledged)
      const reply =
        from === null ? null : await add(witness.url, from, from + 1 + (kill % 5)).catch(() => null)
      isUp = reply?.status === 200
      if (isUp && from !== null) acknowledged = from + 1 + (kill % 5)
      killing ??= sleep(Math.random() * 60).then(() => witness.child.kill('SIGKILL'))
    }
    await killing
    if (witness.child.exitCode === null && witness.child.signalCode === null)
      await once(witness.child, 'close')
    witness = { ...witness, ...(await serving(args)) }
    expect(await whereItIs(witness.url)).toBeGreaterThanOrEqual(acknowledged)
  }
  expect(acknowledged).toBeGreaterThan(KILLS)
  const size = (await whereItIs(witness.url)) ?? 0
  const times = { now: Date.now() / 1000 + 5, requestedAt: Date.now() / 1000 }
  const reply = await add(witness.url, size, size + 1)
  expect(
    acceptCosignatures(parseNote(noteAt(size + 1)).text, reply.text, [parseVkey(vkey)], times),
  ).toHaveLength(1)
  expect((await witness.stop()).code).toBe(0)
})

/** The size that the witness says to have co-signed last; null when it is gone. */
async function whereItIs(url: string): Promise<number | null> {
  const digest = createHash('sha256').update(ORIGIN).digest('hex')
  const response = await fetch(`${url}/${digest}/checkpoint`).catch(() => null)
  const text = await response?.text().catch(() => null)
  if (response === null || text === null || text === undefined) return null
  return response.status === 404 ? 0 : parseCheckpoint(parseNote(text).text).size
}

it('refuses a key that others may read, a second witness on its folder, and a log twice', async () => {
  const temporary = temporaryFolder()
  onTestFinished(temporary.remove)
  const witness = await witnessProgram(temporary.path, 'w1')
  await witness.know(formatVkey(KEY.vkey))
  const code = async (args: readonly string[]): Promise<string | undefined> => {
    const { stderr } = await run([...args], 3)
    return /\[([A-Z_]+)\]/.exec(stderr)?.[1]
  }
  expect(await code([...witness.args, '--listen', '127.0.0.1:0'])).toBe('WITNESS_LOCKED')
  const state = join(temporary.path, 'w1-seen')
  expect(await code(['witness', 'add', '--state', state, formatVkey(KEY.vkey)])).toBe('WITNESS_KNOWN')
  expect(await code(['witness', 'add', '--state', state, 'no+key'])).toBe('VKEY_MALFORMED')
  const key = join(temporary.path, 'w1.key')
  expect(await code(['witness', 'init', '--key', key, '--name', 'w1.example'])).toBe('LOG_EXISTS')
  await witness.stop()
  chmodSync(key, 0o644)
  expect(await code([...witness.args, '--listen', '127.0.0.1:0'])).toBe('KEY_EXPOSED')
  expect((await saksi(['witness', 'serve', '--key', key])).code).toBe(2)
})

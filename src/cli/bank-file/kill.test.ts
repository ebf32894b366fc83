import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { openBank, readBank } from './index.ts'
import { bankPath } from './testing.ts'

const KILLS_PER_BANK = 32
const WRITER = fileURLToPath(new URL('killed-writer.ts', import.meta.url))

interface Writer {
  readonly child: ChildProcess
  /** What it has said so far. */
  output: string
}

function startWriter(path: string, prefix: string, ...more: string[]): Writer {
  const child = spawn(process.execPath, ['--import', 'tsx', WRITER, path, prefix, ...more], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const writer: Writer = { child, output: '' }
  child.stdout?.setEncoding('latin1').on('data', (text: string) => {
    writer.output += text
  })
  return writer
}

/** What was acknowledged: entry id to number of pictures, or withdrawn. The last line counts only if it is whole. */
function acknowledged(output: string, into: Map<string, number | 'withdrawn'>): void {
  for (const line of output.split('\n').slice(0, -1)) {
    const [word, id = '', count] = line.split(' ')
    if (word === 'added') into.set(id, Number(count))
    if (word === 'withdrawn') into.set(id, 'withdrawn')
  }
}

async function expectAllThere(
  path: string,
  promised: ReadonlyMap<string, number | 'withdrawn'>,
): Promise<void> {
  const entries = new Map((await readBank(path)).entries.map((entry) => [entry.id, entry]))
  for (const [id, state] of promised) {
    const entry = entries.get(id)
    if (state === 'withdrawn') expect(entry?.state, id).toBe('withdrawn')
    else if (entry?.state === 'active') expect(entry.pictures.length, id).toBe(state)
    // Withdrawn, but killed before it could say so.
    else expect(entry?.state, id).toBe('withdrawn')
  }
}

async function killAgainAndAgain(path: string, name: string): Promise<Map<string, number | 'withdrawn'>> {
  const promised = new Map<string, number | 'withdrawn'>()
  for (let kill = 0; kill < KILLS_PER_BANK; kill++) {
    const writer = startWriter(path, `${name}${kill}`)
    const ended = once(writer.child, 'close')
    // Every fourth while it starts, opens or makes the bank; the others at some moment of their writing.
    const lines = kill % 4 === 0 ? 1 : 2 + Math.floor(Math.random() * 12)
    while (writer.output.split('\n').length <= lines) await sleep(1)
    await sleep(Math.random() * 12)
    writer.child.kill('SIGKILL')
    await ended
    acknowledged(writer.output, promised)
    if (existsSync(path)) await expectAllThere(path, promised)
    else expect(promised.size).toBe(0)
  }
  return promised
}

it('loses nothing it acknowledged and always opens, however often its writer is killed', async () => {
  await Promise.all(
    ['a', 'b'].map(async (name) => {
      const path = bankPath()
      const promised = await killAgainAndAgain(path, name)
      // The kills fell into real work, not before it.
      expect(promised.size).toBeGreaterThan(KILLS_PER_BANK)
      const bank = await openBank(path)
      await bank.close()
      expect(readdirSync(dirname(path))).toEqual(['bank.jsonl'])
    }),
  )
}, 400_000)

it('takes writers of several processes one after the other, losing none of their work', async () => {
  const path = bankPath()
  const writers = ['x', 'y', 'z'].map((name) => startWriter(path, name, '12'))
  const promised = new Map<string, number | 'withdrawn'>()
  for (const writer of writers) {
    if (writer.child.exitCode === null) await once(writer.child, 'close')
    expect(writer.child.exitCode).toBe(0)
    acknowledged(writer.output, promised)
  }
  expect(promised.size).toBe(36)
  await expectAllThere(path, promised)
}, 200_000)

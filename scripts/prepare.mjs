// What a fresh clone needs before anything can run: the packages of the lock file and a build. Plain JavaScript without
// dependencies, because it runs before there are any.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))
const stampFile = join(root, 'node_modules', '.saksi-lock')
const lockFolder = join(root, '.saksi-setup.lock')
const LOCK_WAIT_MS = 600_000

/** Ends the process with a plain sentence when this Node.js is too old. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  console.error(`saksi: Node.js 20.19 or newer is needed; this is ${process.versions.node}.`)
  process.exit(2)
}

/** Installs the packages of the lock file when they are missing or of another lock file. */
export async function ensureInstalled() {
  if (isInstalled()) return
  await withLock(async () => {
    if (isInstalled()) return
    await step('Installing what Saksi needs (about a minute, once)', 'npm', [
      'ci',
      '--no-fund',
      '--no-audit',
      '--loglevel=error',
    ])
    writeFileSync(stampFile, lockDigest())
  })
}

/** Builds the program when there is no build or a source file is newer than it. */
export async function ensureBuilt() {
  if (isBuilt()) return
  await withLock(async () => {
    if (isBuilt()) return
    const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
    await step('Building Saksi', process.execPath, [vite, 'build', '--logLevel', 'warn'])
  })
}

function isInstalled() {
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === lockDigest()
}

function lockDigest() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
}

function isBuilt() {
  const built = join(root, 'dist', 'saksi.js')
  if (!existsSync(built)) return false
  const builtMs = statSync(built).mtimeMs
  return newestMs(join(root, 'src')) <= builtMs && statSync(join(root, 'vite.config.ts')).mtimeMs <= builtMs
}

function newestMs(folder) {
  let newest = 0
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    newest = Math.max(newest, entry.isDirectory() ? newestMs(path) : statSync(path).mtimeMs)
  }
  return newest
}

/** Runs a command quietly, counting seconds on a terminal; shows its output only when it fails, then ends the process. */
async function step(label, command, args) {
  const isTerminal = process.stderr.isTTY === true
  const startedMs = Date.now()
  const seconds = () => Math.round((Date.now() - startedMs) / 1000)
  process.stderr.write(`${label} …${isTerminal ? '' : '\n'}`)
  const timer = isTerminal && setInterval(() => process.stderr.write(`\r${label} … ${seconds()} s`), 1000)
  const { code, output } = await run(command, args)
  if (timer) clearInterval(timer)
  if (isTerminal) process.stderr.write(`\r\u001b[2K${label} … done in ${seconds()} s\n`)
  if (code === 0) return
  console.error(
    `${output}\nsaksi: ${label.toLowerCase()} failed (${command} ${args[0]}, exit ${code}). Nothing else was changed; running it again is safe.`,
  )
  releaseLock()
  process.exit(3)
}

function run(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    const keep = (chunk) => {
      output = (output + chunk).slice(-20_000)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.on('error', (error) => resolve({ code: 127, output: String(error.message) }))
    child.on('close', (code) => resolve({ code: code ?? 1, output }))
  })
}

/** Two commands started at once in a fresh clone must not install over each other. */
async function withLock(work) {
  const startedMs = Date.now()
  while (!tryLock()) {
    if (Date.now() - startedMs > LOCK_WAIT_MS) {
      console.error(
        `saksi: another set-up has been running for ten minutes. If none is, remove ${lockFolder} and try again.`,
      )
      process.exit(3)
    }
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  try {
    await work()
  } finally {
    releaseLock()
  }
}

function tryLock() {
  try {
    mkdirSync(lockFolder)
    writeFileSync(join(lockFolder, 'pid'), String(process.pid))
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') {
      console.error(
        `saksi: this folder cannot be written (${error.code}), so nothing can be installed or built in it: ${root}`,
      )
      process.exit(3)
    }
    if (isLockStale()) releaseLock()
    return false
  }
}

function isLockStale() {
  try {
    const pid = Number(readFileSync(join(lockFolder, 'pid'), 'utf8'))
    if (pid > 0) process.kill(pid, 0)
    return false
  } catch (error) {
    if (error.code === 'ESRCH') return true
    // No pid written yet, or it is not ours to signal: stale only when it has been like this for a while.
    return (
      error.code === 'ENOENT' && existsSync(lockFolder) && Date.now() - statSync(lockFolder).mtimeMs > 5_000
    )
  }
}

function releaseLock() {
  rmSync(lockFolder, { recursive: true, force: true })
}

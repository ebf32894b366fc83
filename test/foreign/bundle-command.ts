import { execFileSync, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { addBundleCommand } from '#cli/commands/bundle.ts'
import { createContext } from '#cli/context.ts'
import { AppError } from '#lib/errors/index.ts'
import { initLog } from '#node/log-store/index.ts'
import { temporaryFolder } from '../run-saksi.ts'
import { type Posted, posted, writeScan } from './bundle-scan-fixture.ts'
import { makeAuthority, sendReply, startServer } from './loopback-tsa.ts'

/** Runs `saksi bundle ...` in this process; answers what it printed, or the code it was refused with. */
export async function bundle(
  ...args: string[]
): Promise<{ out: string; refused: string | null; exitCode: number }> {
  const lines: string[] = []
  let exitCode = 0
  const context = {
    ...createContext(new AbortController().signal, new URL('file:///unused')),
    out: async (line: string) => void lines.push(line),
    note: (line: string) => void lines.push(line),
    setExitCode: (code: number) => {
      exitCode = code
    },
  }
  const program = new Command('saksi').exitOverride()
  addBundleCommand(program, context)
  try {
    await program.parseAsync(['node', 'saksi', 'bundle', ...args])
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { out: lines.join('\n'), refused: error.code, exitCode }
  }
  return { out: lines.join('\n'), refused: null, exitCode }
}

/** Every file below a folder with its bytes. */
export function everyFile(root: string): [string, Buffer][] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(root, path)).isFile())
    .map((path) => [path, readFileSync(join(root, path))])
}

/** `VERIFY.sh` of an unpacked bundle. */
export const script = (bag: string, ...args: string[]) =>
  spawnSync('sh', ['VERIFY.sh', ...args], { cwd: bag, encoding: 'utf8' })

export const people: Posted[] = Array.from({ length: 400 }, (_, i) => posted(i))
/** One of them, whose case it is. */
export const her: Posted = people[137] ?? posted(137)

/** A folder with a scan of four hundred people, keys of organisation and agency, a log, and an authority that answers. */
export async function setUp() {
  const folder = temporaryFolder()
  const at = (name: string) => join(folder.path, name)
  mkdirSync(at('tsa'))
  const authority = makeAuthority(at('tsa'))
  writeFileSync(at('roots.pem'), authority.roots)
  const tsa = await startServer((query, response) => sendReply(response, authority.reply(query)))
  execFileSync('age-keygen', ['-o', at('agency.key')], { stdio: 'pipe' })
  const recipient = execFileSync('age-keygen', ['-y', at('agency.key')], { encoding: 'utf8' }).trim()
  writeScan(at('scan'), people, 3)
  writeFileSync(at('hers.jpg'), her.picture)
  const made = await bundle('key', at('manifest.key'))
  await initLog(at('log'), {
    origin: 'log.example/custody',
    now: () => new Date(),
    random: (n) => randomBytes(n),
  })
  return {
    path: folder.path,
    at,
    authority,
    tsa,
    recipient,
    fingerprint: /SHA256:\S+/.exec(made.out)?.[0] ?? '',
    /** The options every bundle is made with. */
    base: () => [
      'create',
      '--scan',
      at('scan'),
      '--key',
      at('manifest.key'),
      '--organisation',
      'Test Organisation',
      '--contact',
      'custody@log.example',
    ],
    unpack: (zip: string, to: string) => {
      mkdirSync(at(to))
      execFileSync('unzip', ['-q', at(zip), '-d', at(to)])
      return join(at(to), readdirSync(at(to))[0] ?? '')
    },
    close: async () => {
      await tsa.close()
      folder.remove()
    },
  }
}

export type Setting = Awaited<ReturnType<typeof setUp>>

/** Makes `H1.zip.age` with everything a bundle can have, and `H1.zip` and the folder `h1` from it. Answers the bag. */
export async function makeFirst({ at, base, recipient, tsa, unpack }: Setting) {
  const made = await bundle(
    ...base(),
    '--log',
    at('log'),
    '--allow-no-witness',
    '--tsa',
    tsa.url,
    '--tsa-roots',
    at('roots.pem'),
    '--exhibit',
    at('hers.jpg'),
    '--to',
    recipient,
    '--agency',
    'Test Police',
    '--consent',
    '2026-1',
    '--witness',
    'W-017',
    '--device',
    'a laptop with Telegram Desktop',
    '--name',
    'TEST-7-H1',
    '--lang',
    'ms',
    'zh-Hans',
    'ta',
    '--out',
    at('H1.zip.age'),
  )
  if (made.refused !== null) throw new Error(`it was refused: ${made.refused}`)
  execFileSync('age', ['-d', '-i', at('agency.key'), '-o', at('H1.zip'), at('H1.zip.age')])
  return { made, bag: unpack('H1.zip', 'h1') }
}

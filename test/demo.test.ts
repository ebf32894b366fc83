import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, it, onTestFinished } from 'vitest'
import { checkDigests, collect, readReport, root, saksi, startSaksi, temporaryFolder } from './run-saksi.ts'

const { path: folder, remove } = temporaryFolder()
afterAll(remove)

/** An address in the environment must not be used: somebody's real database may be there. */
const ELSEWHERE = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none', SAKSI_DATA: '/nowhere' }

/** `S-001 group-export` to how many copies were planted there, and how many of them can be found at all. */
type Truth = Map<string, { planted: number; there: number }>

function truthOf(out: string): Truth {
  const truth: Truth = new Map()
  const add = (entry: string, place: string, isThere: boolean) => {
    const known = truth.get(`${entry} ${place}`) ?? { planted: 0, there: 0 }
    truth.set(`${entry} ${place}`, {
      planted: known.planted + 1,
      there: known.there + (isThere ? 1 : 0),
    })
  }
  for (const name of ['group-export', 'backup-export']) {
    const { title, copies } = JSON.parse(readFileSync(join(out, 'made', `${name}.truth.json`), 'utf8'))
    for (const { entry, state } of copies)
      if (entry !== null) add(entry, title, state === 'present' || state === 'damaged')
  }
  for (const entry of ['S-001', 'S-004', 'S-005']) add(entry, '9 saved pictures', true)
  return truth
}

/** What the table at the end says. */
function toldIn(text: string): Truth {
  const rows = [...text.matchAll(/^(S-00\d) +(\S.*?\S) {2,}(\d+) of (\d+) {2}/gm)]
  return new Map(
    rows.map(([, entry, place, found, planted]) => [
      `${entry} ${place}`,
      { planted: Number(planted), there: Number(found) },
    ]),
  )
}

/** Command lines of running programs that name the folder: PostgreSQL's have it in them. */
function running(path: string): string[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' }).split('\n')
  return lines.filter((line) => line.includes(path) && /postgres|saksi\.js/.test(line))
}

const leftInTmp = () => readdirSync(tmpdir()).filter((name) => name.startsWith('saksi-demo-'))

/** Of what is drawn: the same each time. */
function digestsIn(out: string): string[] {
  const names = ['group-export/result.json', 'backup-export/result.json', 'saved-pictures/saved-01.jpg']
  return names.map((name) =>
    createHash('sha256')
      .update(readFileSync(join(out, 'made', name)))
      .digest('hex'),
  )
}

/** A path in a folder of its own, where every user may pass. */
function openFolder(name: string): string {
  chmodSync(folder, 0o711)
  mkdirSync(join(folder, name), { mode: 0o711 })
  return join(folder, name, 'demo')
}

/** Until the program has said something. */
async function said(child: ChildProcess, words: string): Promise<void> {
  let text = ''
  child.stdout?.on('data', (piece: string) => {
    text += piece
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  await expect.poll(() => text, { timeout: 120_000, interval: 50 }).toContain(words)
}

/** As a laboratory: an archive, the fingerprint of the form, and a computer without Node. */
function verifyWithoutNode(out: string, fingerprint: string): void {
  const lab = join(out, '..', 'lab')
  const bin = join(lab, 'bin')
  mkdirSync(bin, { recursive: true })
  const tools =
    'sh awk cat cmp cut find fold grep head mktemp od openssl rm sed sort ssh-keygen tail tr uniq wc xargs sha256sum sha512sum'
  for (const tool of tools.split(' ')) {
    const path = execFileSync('sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).trim()
    symlinkSync(realpathSync(path), join(bin, tool))
  }
  execFileSync('unzip', ['-q', join(out, 'police', 'DEMO-S-002-H1.zip'), '-d', lab])
  const env = { PATH: bin }
  const checked = spawnSync(join(bin, 'sh'), ['VERIFY.sh', '--fingerprint', fingerprint], {
    cwd: join(lab, 'DEMO-S-002-H1'),
    encoding: 'utf8',
    env,
  })
  expect([checked.status, checked.stderr]).toEqual([0, ''])
  for (const name of ['lawyers', 'university', 'press'])
    expect(checked.stdout).toContain(`${name}.saksi.invalid had seen the log`)
  expect(spawnSync(join(bin, 'sh'), ['-c', 'node --version'], { env }).status).toBe(127)
}

/** On a terminal of its own, until it waits; then looks at the server and presses Ctrl-C. */
async function playOnTerminal(
  out: string,
): Promise<{ code: number | null; said: string; checkpoint: string }> {
  const command = `stty cols 160; exec '${process.execPath}' '${join(root, 'dist', 'saksi.js')}' demo --out '${out}'`
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    env: { ...process.env, ...ELSEWHERE, NO_COLOR: '1', SAKSI_WORKERS: '2' },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const ended = collect(child)
  let text = ''
  child.stdout.on('data', (piece: string) => {
    text += piece
  })
  await expect.poll(() => text, { timeout: 600_000, interval: 200 }).toMatch(/runs at http\S+ until/)
  const url = /runs at (http\S+) until/.exec(text)?.[1] ?? ''
  const checkpoint = await (await fetch(`${url}/log/checkpoint`)).text()
  child.stdin.write('\u0003')
  const { code } = await ended
  return { code, said: text, checkpoint }
}

it('goes the whole way, finds what was planted and nobody wrongly, and ends with nothing running', async () => {
  const out = join(folder, 'closed', 'demo')
  // As root, PostgreSQL's user cannot get there.
  mkdirSync(dirname(out), { mode: 0o700 })
  const before = leftInTmp()
  const ran = await saksi(['demo', '--out', out], ELSEWHERE)
  expect([ran.code, ran.stderr.includes('saksi:')]).toEqual([0, false])
  expect(toldIn(ran.stdout)).toEqual(truthOf(out))
  expect(ran.stdout).toContain('Wrong matches: 0. S-006 was never posted, and nothing was found for it.')
  expect(ran.stdout).toMatch(/Missed:\n( {2}S-00[35], in Kedai Kopi Malam: .*\n){2}\n/)
  const made = digestsIn(out)
  const [, found] = /Devi has 6 cases. She finds (\d+) matches and writes \1 into them/.exec(ran.stdout) ?? []
  expect(ran.stdout).toContain(`Mei has 6 cases. She finds the same ${found}, writes 0`)
  expect(ran.stdout).toContain('Of S-004 there is no sign for her')
  expect(ran.stdout).toMatch(/Sara has 5 cases and (\d+) matches/)
  expect(readdirSync(out).sort()).toEqual(['.saksi-demo', 'made', 'police'])
  expect([running(out), leftInTmp()]).toEqual([[], before])
  checkDigests(join(out, 'police', 'report'), 'manifest-sha256.txt')
  const { matches } = readReport(join(out, 'police', 'report'))
  expect(new Set(matches.map(({ entry }) => entry))).toEqual(new Set(['S-002']))
  verifyWithoutNode(out, /--fingerprint (\S+)/.exec(ran.stdout)?.[1] ?? '')

  const again = await playOnTerminal(out)
  expect(again.code).toBe(0)
  expect(toldIn(again.said)).toEqual(toldIn(ran.stdout))
  expect(digestsIn(out)).toEqual(made)
  expect(again.checkpoint).toMatch(/^demo\.saksi\.invalid\/log\n\d+\n/)
  expect([running(out), readdirSync(out).sort()]).toEqual([[], ['.saksi-demo', 'made', 'police']])
}, 900_000)

it('replaces no folder that it did not make', async () => {
  const out = join(folder, 'foreign')
  mkdirSync(out)
  writeFileSync(join(out, 'notes.txt'), 'mine')
  const ran = await saksi(['demo', '--out', out])
  expect(ran.code).toBe(3)
  expect(ran.stderr).toContain('[OUTPUT_EXISTS]')
  expect(readFileSync(join(out, 'notes.txt'), 'utf8')).toBe('mine')
})

it('leaves nothing when it is stopped, be it while drawing or with the server running', async () => {
  for (const [name, moment] of [
    ['early', 'All of it is invented'],
    ['late', 'S-001  a sealed report'],
  ] as const) {
    const out = openFolder(name)
    const { child, ended } = startSaksi(['demo', '--out', out], ELSEWHERE)
    await said(child, moment)
    expect(running(out).some((line) => line.includes('postgres'))).toBe(name === 'late')
    child.kill('SIGINT')
    expect((await ended).code).toBe(130)
    expect([existsSync(out), readdirSync(dirname(out)), running(out)]).toEqual([false, [], []])
  }
}, 300_000)

it('takes its database along when it is killed, and makes the folder anew the next time', async () => {
  const out = openFolder('killed')
  const { child, ended } = startSaksi(['demo', '--out', out], ELSEWHERE)
  await said(child, 'S-001  a sealed report')
  child.kill('SIGKILL')
  await ended
  await expect.poll(() => running(out), { timeout: 60_000 }).toEqual([])
  const next = startSaksi(['demo', '--out', out], ELSEWHERE)
  await said(next.child, 'All of it is invented')
  expect(existsSync(join(out, 'server'))).toBe(false)
  next.child.kill('SIGINT')
  expect((await next.ended).code).toBe(130)
}, 300_000)

import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { signingKeyOf, systemRandom } from '#lib/seal/index.ts'
import { openLine } from './breaking-line.ts'
import { jpegOf } from './planted-export.ts'
import { type Ran, saksi, startSaksi, temporaryFolder } from './run-saksi.ts'
import { type ServedOrganisation, serveOrganisation } from './served-organisation.ts'
import { casesOf, type WorkersCase, writeAs } from './staff-of-case.ts'

const HOUR_MS = 60 * 60_000
const WORDS = 'Someone in the group passes my pictures round.'

const folder = temporaryFolder()
let served: ServedOrganisation
let pictures: string
beforeAll(async () => {
  // As root, PostgreSQL's user has to pass through.
  chmodSync(folder.path, 0o711)
  served = await serveOrganisation(join(folder.path, 'data'))
  pictures = join(folder.path, 'pictures')
  mkdirSync(pictures)
  for (const scene of [11, 12]) writeFileSync(join(pictures, `scene-${scene}.jpg`), await jpegOf(scene))
  writeFileSync(join(folder.path, 'story.txt'), `${WORDS}\n`)
})
afterAll(async () => {
  await served.stop()
  folder.remove()
})

/** Runs a command with lines on standard input. */
async function run(args: readonly string[], lines: readonly string[] = [], env = {}): Promise<Ran> {
  const { child, ended } = startSaksi(args, env)
  child.stdin?.end(lines.map((line) => `${line}\n`).join(''))
  return ended
}

const CODE = /Your return code: {2}(\d{4}(?: \d{4}){6})\n/

async function register(...more: string[]): Promise<{ code: string; ran: Ran }> {
  const ran = await run(['register', pictures, ...served.leaflet, '--adult', '--print-code', ...more])
  expect([ran.code, ran.stderr]).toEqual([0, expect.any(String)])
  return { ran, code: CODE.exec(ran.stdout)?.[1] ?? expect.fail(ran.stdout) }
}

interface Message {
  readonly verdict: string
  readonly from: string
  readonly type: string
  readonly text: string | null
}

async function read(
  code: string,
): Promise<{ readonly messages: readonly Message[]; readonly warnings: string[]; readonly status: string }> {
  const ran = await run(['mailbox', 'read', ...served.leaflet, '--json'], [code])
  expect([ran.code, ran.stderr]).toEqual([0, ''])
  return JSON.parse(ran.stdout)
}

const said = ({ messages }: { readonly messages: readonly Message[] }) =>
  messages.map(({ verdict, from, type }) => `${verdict} ${from} ${type}`)

async function caseWith(text: string): Promise<WorkersCase> {
  const cases = await casesOf(served.client, await served.signIn('devi'))
  const isIt = ({ payloads }: WorkersCase) => JSON.stringify(payloads).includes(text)
  return cases.find(isIt) ?? expect.fail('no such case')
}

it('registers, is answered, replies, withdraws pictures and erases everything', async () => {
  const { code, ran } = await register('--text-file', join(folder.path, 'story.txt'))
  expect(ran.stdout.match(/looked for/g)).toHaveLength(2)
  expect(ran.stdout).toContain('We expect to recognise most copies')
  const first = await read(code)
  const registered = Array<string>(2).fill('verified you prints.register')
  expect(said(first)).toEqual(['verified you case.submit', ...registered])
  expect([first.messages[0]?.text, first.warnings]).toEqual([WORDS, []])

  const staff = await served.signIn('devi')
  const found = await caseWith(WORDS)
  const answer = { type: 'message.write', body: { text: 'Kami di sini.' } } as const
  await writeAs(served.client, staff, found, answer)
  const forged = { type: 'message.write', body: { text: 'Send money first.' } } as const
  await writeAs(served.client, staff, found, forged, { sign: signingKeyOf(systemRandom(32)) })
  expect(said(await read(code))).toHaveLength(3)
  await served.server.forward(HOUR_MS / 2)
  const answered = await read(code)
  expect(answered.messages.find(({ from }) => from === 'intake')).toMatchObject({
    verdict: 'verified',
    text: 'Kami di sini.',
  })
  expect(answered.messages.find(({ verdict }) => verdict === 'unverified')).toMatchObject({ text: null })
  expect(JSON.stringify(answered)).not.toContain('money')

  const reply = await run(['mailbox', 'reply', ...served.leaflet], [code, 'Terima kasih.'])
  expect([reply.code, reply.stdout]).toEqual([0, 'Sent.\n'])
  expect(JSON.stringify((await caseWith(WORDS)).payloads)).toContain('Terima kasih.')

  expect(await countSets()).toBe(2)
  const withdrawn = await run(['mailbox', 'withdraw', '--pictures', ...served.leaflet], [code])
  expect([withdrawn.code, withdrawn.stdout]).toEqual([0, '2 pictures are not looked for any more.\n'])
  expect(await countSets()).toBe(0)
  expect((await read(code)).messages.filter(({ type }) => type === 'prints.withdraw')).toHaveLength(2)

  const wrong = await run(
    ['mailbox', 'withdraw', '--erase', ...served.leaflet],
    [code, '1418 2047 7931 5506 2819 4733 0265'],
  )
  expect([wrong.code, wrong.stderr]).toEqual([3, expect.stringContaining('ANSWER_NEEDED')])
  const erased = await run(['mailbox', 'withdraw', '--erase', ...served.leaflet], [code, code])
  expect([erased.code, erased.stdout]).toEqual([0, expect.stringContaining('Everything is erased')])
  const gone = await run(['mailbox', 'read', ...served.leaflet], [code])
  expect([gone.code, gone.stdout, gone.stderr]).toEqual([3, '', expect.stringContaining('NO_MAILBOX')])
})

const countSets = () => served.countRows('bank_waiting', 'bank_sets')

it('adds pictures to a case, and stops the work but keeps it for a while', async () => {
  const { code } = await register('--set', 'whole')
  const path = join(folder.path, 'more.jpg')
  writeFileSync(path, await jpegOf(13))
  const added = await run(['register', path, '--add', '--adult', ...served.leaflet], [], {
    SAKSI_RETURN_CODE: code,
  })
  expect([added.code, added.stdout.match(/looked for/g)?.length]).toEqual([0, 1])
  expect(said(await read(code)).filter((line) => line.endsWith('prints.register'))).toHaveLength(3)
  const day = new Date(Date.now() + 30 * 24 * HOUR_MS).toISOString().slice(0, 10)
  const kept = await run(['mailbox', 'withdraw', '--keep-until', day, ...served.leaflet], [code])
  expect([kept.code, kept.stdout]).toEqual([0, expect.stringContaining('All work has stopped')])
  expect(await read(code)).toMatchObject({ status: 'withdrawn' })
  const late = await run(['mailbox', 'reply', ...served.leaflet, '--patience', '0'], [code, 'x'])
  expect([late.code, late.stderr]).toEqual([3, expect.stringContaining('CASE_CLOSED')])
})

it('saves a receipt only when asked, and the proof once the report is in the log', async () => {
  const { code } = await register()
  const asked = await run(['mailbox', 'receipt', ...served.leaflet], [code])
  expect([asked.code, asked.stdout]).toEqual([0, expect.stringContaining('is promised')])
  await served.server.forward(2 * HOUR_MS)
  await served.server.forward(2 * HOUR_MS)
  const file = join(folder.path, 'report.tlog-proof')
  const saved = await run(['mailbox', 'receipt', '--out', file, ...served.leaflet], [code])
  expect([saved.code, saved.stdout]).toEqual([0, expect.stringContaining('is in the custody log')])
  expect(statSync(file).mode & 0o077).toBe(0)
  const policy = join(folder.path, 'policy.txt')
  writeFileSync(policy, await (await fetch(`${served.server.url}/log/policy`)).text())
  const verified = await saksi(['receipt', 'verify', file, '--policy', policy])
  expect([verified.code, verified.stdout]).toEqual([0, expect.stringContaining('report.received')])
  const again = await run(['mailbox', 'receipt', '--out', file, ...served.leaflet], [code])
  expect([again.code, again.stderr]).toEqual([3, expect.stringContaining('FILE_IN_THE_WAY')])
})

it('refuses another organisation’s server, an open line, a minor’s picture and a code with a slip, and sends nothing', async () => {
  const before = await served.countRows('cases')
  const [, url = ''] = served.leaflet
  const common = ['register', pictures, '--print-code']
  const refused: [string, string[]][] = [
    ['ORGANISATION_OTHER', ['--adult', '--server', url, '--organisation', '0'.repeat(40)]],
    ['ORGANISATION_FINGERPRINT', ['--adult', '--server', url, '--organisation', 'abc']],
    ['SERVER_URL', ['--adult', '--server', 'http://reports.example', '--organisation', '0'.repeat(40)]],
    ['ANSWER_NEEDED', ['--adult', '--server', url]],
    ['ANSWER_NEEDED', [...served.leaflet]],
  ]
  for (const [code, options] of refused) {
    const ran = await run([...common, ...options])
    expect([ran.code, ran.stderr, ran.stdout]).toEqual([3, expect.stringContaining(`[${code}]`), ''])
  }
  const onPipe = await run(['register', pictures, '--adult', ...served.leaflet])
  expect([onPipe.code, onPipe.stderr]).toEqual([2, expect.stringContaining('[USAGE]')])
  const slip = await run(['mailbox', 'read', ...served.leaflet], ['1418 2047 7931 5506 2819 4733 0256'])
  expect([slip.code, slip.stderr]).toEqual([3, expect.stringContaining('RETURN_CODE_CHECK')])
  const argument = await run(['mailbox', 'read', '1418204779315506281947330265', ...served.leaflet])
  expect(argument.code).toBe(2)
  expect(await served.countRows('cases')).toBe(before)
})

it('keeps the return code in no file, no log and no list of processes', async () => {
  const home = join(folder.path, 'home')
  mkdirSync(home)
  const env = { HOME: home, XDG_STATE_HOME: join(home, 'state'), TMPDIR: home }
  const ran = await run(['register', pictures, ...served.leaflet, '--adult', '--print-code'], [], env)
  const code = CODE.exec(ran.stdout)?.[1] ?? expect.fail(ran.stdout)
  expect(ran.stdout.split(code)).toHaveLength(2)
  expect(ran.stderr).not.toContain(code)
  const { child, ended } = startSaksi(['mailbox', 'read', ...served.leaflet], env)
  child.stdin?.end(`${code}\n`)
  const listed =
    readFileSync(`/proc/${child.pid}/cmdline`, 'latin1') +
    readFileSync(`/proc/${child.pid}/environ`, 'latin1')
  expect((await ended).code).toBe(0)
  const forms = [code, code.replaceAll(' ', '')].flatMap((form) => [
    form,
    Buffer.from(form).toString('base64').slice(0, 24),
  ])
  for (const form of forms) {
    expect(listed).not.toContain(form)
    expect(served.logged()).not.toContain(form)
    for (const path of readdirSync(folder.path, { recursive: true, encoding: 'utf8' })) {
      const file = join(folder.path, path)
      if (!statSync(file, { throwIfNoEntry: false })?.isFile()) continue
      expect(readFileSync(file).includes(form), path).toBe(false)
    }
  }
})

it('says what is certain when the network is gone, and prints nothing that should not be', async () => {
  const { code } = await register()
  const gone = ['--server', 'http://127.0.0.1:9', '--organisation', '0'.repeat(40), '--patience', '0']
  const unsent = await run(['register', pictures, '--adult', '--print-code', ...gone])
  expect([unsent.code, unsent.stdout, unsent.stderr]).toEqual([
    3,
    '',
    expect.stringContaining('CLIENT_NO_ANSWER'),
  ])
  const unread = await run(['mailbox', 'read', ...gone], [code])
  expect([unread.code, unread.stdout]).toEqual([3, ''])
  expect(unread.stderr).not.toContain(code.slice(0, 9))
  // The line breaks after the code was shown: the report was not sent, or was, and both are said.
  const line = await openLine(served.server.url)
  line.break((path) => path === '/api/intake/open')
  const leaflet = ['--server', line.url, ...served.leaflet.slice(2), '--patience', '1']
  const broken = await run(['register', pictures, '--adult', '--print-code', ...leaflet])
  await line.close()
  expect([broken.code, broken.stderr]).toEqual([3, expect.stringContaining('[NOT_SENT]')])
  const shown = CODE.exec(broken.stdout)?.[1] ?? expect.fail(broken.stdout)
  const looked = await run(['mailbox', 'read', ...served.leaflet], [shown])
  expect([looked.code, looked.stderr]).toEqual([3, expect.stringContaining('NO_MAILBOX')])
})

import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  cosign,
  formatSignatureLines,
  formatVkey,
  parseAddCheckpoint,
  parseCheckpoint,
  parseNote,
  parsePolicy,
  parseVkey,
  verifyCheckpoint,
  witnessKey,
} from '#lib/tlog/index.ts'
import { addLog } from '../witness/index.ts'
import { listen } from '../witness/listen.ts'
import { seedOf, startWitness, stateFolder } from '../witness/testing.ts'
import { checkLog, makeCheckpoint, openLog, proveRecord, readKeyFile, withStorage } from './index.ts'
import { expectCode, makeLog, makeLogIn, makeOpening, ORIGIN, testFolder } from './testing.ts'
import { type StorageKind, twoStorageKinds } from './testing-storage.ts'
import { copyOf, putBack } from './testing-stored.ts'

const KEYS = [1, 2, 3].map((n) => witnessKey(`w${n}.example`, seedOf(n)))
const QUICK = { isOutOfTurn: true, witnessTimeoutMs: 2_000, patienceMs: 1_200 }

type Handler = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void

/** A witness that does as it is told by the test: what an honest one never does. */
async function crooked(handler: Handler): Promise<string> {
  const server = createServer((request, response) => {
    void buffer(request).then((body) => handler(request, response, body))
  })
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return listen(server, '127.0.0.1', 0)
}

/** Honest witnesses, and a log that asks them; `others` answer in the place of the last of them. */
async function witnessed(
  options: { quorum?: number; keys?: string; handler?: Handler; kind?: StorageKind } = {},
) {
  const states = KEYS.map(() => stateFolder())
  const running = await Promise.all(KEYS.map((key, i) => startWitness({ key, state: states[i] ?? '' })))
  const urls = running.map(({ url }) => url)
  if (options.handler !== undefined) urls[2] = await crooked(options.handler)
  const witnesses = KEYS.map(({ vkey }, i) => `${formatVkey(vkey)}@${urls[i]}`)
  const { keys, quorum = 2 } = options
  const settings = { witnesses, quorum, ...(keys !== undefined && { keys }) }
  const folder = options.kind ? await makeLogIn(options.kind, settings) : await makeLog(settings)
  const { vkey } = await readKeyFile(join(keys ?? join(folder, 'keys'), 'log.key'), 'log')
  for (const state of states) await addLog(state, vkey, ORIGIN)
  return { folder, running, states, vkey, signedSizes: () => signedSizes(folder) }
}

async function signedSizes(folder: string): Promise<number[]> {
  return withStorage(folder, async ({ storage }) => (await storage.readSigned()).map(({ size }) => size))
}

/** What was kept when the log was stopped. */
async function evidenceOf(folder: string): Promise<string[]> {
  const halt = await withStorage(folder, ({ storage }) => storage.readHalt())
  return JSON.parse(halt?.text ?? '').evidence
}

function publishedWitnesses(folder: string): string[] {
  const policy = parsePolicy(readFileSync(join(folder, 'served', 'policy')))
  const verified = verifyCheckpoint(parseNote(readFileSync(join(folder, 'served', 'checkpoint'))), policy)
  expect(verified.hasQuorum).toBe(true)
  return verified.witnesses.map(({ name }) => name)
}

async function append(folder: string): Promise<string> {
  const opening = makeOpening()
  const log = await openLog(folder)
  await log.appendRecord(opening)
  await log.close()
  return opening.record.id
}

it('publishes what all witnesses have seen, and then what a quorum of them has', async () => {
  const { folder, running } = await witnessed()
  const id = await append(folder)
  expect(await makeCheckpoint(folder, QUICK)).toMatchObject({ state: 'published', size: 16 })
  expect(publishedWitnesses(folder)).toEqual(['w1.example', 'w2.example', 'w3.example'])
  await running[2]?.close()
  expect(await makeCheckpoint(folder, QUICK)).toMatchObject({ state: 'published', size: 32 })
  expect(publishedWitnesses(folder)).toEqual(['w1.example', 'w2.example'])
  expect((await proveRecord(folder, id)).verified.hasQuorum).toBe(true)
})

it('signs nothing without a quorum, loses nothing, and goes on when witnesses are back', async () => {
  const { folder, running, states, signedSizes } = await witnessed()
  await makeCheckpoint(folder, QUICK)
  const before = readFileSync(join(folder, 'served', 'checkpoint'), 'utf8')
  await running[1]?.close()
  await running[2]?.close()
  const id = await append(folder)
  expect(await makeCheckpoint(folder, QUICK)).toMatchObject({ state: 'unwitnessed', size: 16 })
  expect(await signedSizes()).toEqual([0, 16])
  expect(readFileSync(join(folder, 'served', 'checkpoint'), 'utf8')).toBe(before)
  await expectCode('LOG_RECORD_PENDING', () => proveRecord(folder, id))
  const [, key] = KEYS
  if (key === undefined) throw new Error('no key')
  await startWitness({ key, state: states[1] ?? '', port: Number(new URL(running[1]?.url ?? '').port) })
  expect(await makeCheckpoint(folder, QUICK)).toMatchObject({ state: 'published', size: 32 })
  expect((await proveRecord(folder, id)).verified.witnesses).toHaveLength(2)
})

describe.each(twoStorageKinds())('a log in $name', (kind) => {
  it('stops an old copy that was put back, before it signs anything', async () => {
    const { folder, signedSizes } = await witnessed({ kind })
    const id = await append(folder)
    await makeCheckpoint(folder, QUICK)
    const copy = await copyOf(kind, folder)
    await makeCheckpoint(folder, QUICK)
    putBack(copy, folder)
    await expectCode('LOG_BEHIND_WITNESS', () => makeCheckpoint(folder, QUICK))
    expect(await signedSizes()).toEqual([0, 16])
    // The witness can prove it: it has what this log has signed since.
    const evidence = await evidenceOf(folder)
    expect(parseCheckpoint(parseNote(evidence[0] ?? '').text).size).toBe(32)
    // Reading goes on; accepting does not, until somebody has looked.
    await expectCode('LOG_HALTED', () => append(folder))
    await expectCode('LOG_HALTED', () => makeCheckpoint(folder, QUICK))
    expect((await proveRecord(folder, id)).verified.hasQuorum).toBe(true)
  })

  it('stops an old copy before its very first signature too', async () => {
    const { folder, signedSizes } = await witnessed({ kind })
    const copy = await copyOf(kind, folder)
    await makeCheckpoint(folder, QUICK)
    putBack(copy, folder)
    await expectCode('LOG_BEHIND_WITNESS', () => makeCheckpoint(folder, QUICK))
    expect(await signedSizes()).toEqual([0])
  })
})

it('notices without any witness that the folder is older than its keys', async () => {
  const keys = join(testFolder(), 'keys')
  const folder = await makeLog({ keys })
  const copy = join(testFolder(), 'copy')
  cpSync(folder, copy, { recursive: true })
  await makeCheckpoint(folder, QUICK)
  rmSync(folder, { recursive: true })
  cpSync(copy, folder, { recursive: true })
  await expectCode('LOG_RESTORED', () => makeCheckpoint(folder, QUICK))
  await expectCode('LOG_RESTORED', () => append(folder))
  expect((await checkLog(folder)).faults.map(({ code }) => code)).toEqual(['LOG_RESTORED'])
})

it('notices that its private state alone is older than what it has published', async () => {
  const folder = await makeLog()
  const copy = join(testFolder(), 'copy')
  cpSync(join(folder, 'state'), copy, { recursive: true })
  const highWater = join(folder, 'keys', 'signed-size.json')
  const old = readFileSync(highWater)
  await makeCheckpoint(folder, QUICK)
  cpSync(copy, join(folder, 'state'), { recursive: true })
  writeFileSync(highWater, old)
  await expectCode('LOG_RESTORED', () => makeCheckpoint(folder, QUICK))
})

it('stops for good when a witness has seen more than was just signed', async () => {
  let asked = 0
  const { folder } = await witnessed({
    handler: (_request, response) => {
      asked++
      response.writeHead(409, { 'content-type': 'text/x.tlog.size' }).end(asked === 1 ? '0\n' : '999\n')
    },
  })
  await expectCode('LOG_BEHIND_WITNESS', () => makeCheckpoint(folder, QUICK))
  expect(existsSync(join(folder, 'served', 'checkpoint'))).toBe(false)
  await expectCode('LOG_HALTED', () => makeCheckpoint(folder, QUICK))
})

it('stops too when a witness only says so and shows nothing for it', async () => {
  const { folder } = await witnessed({
    handler: (_request, response) => {
      response.writeHead(409, { 'content-type': 'text/x.tlog.size' }).end('999\n')
    },
  })
  await expectCode('LOG_BEHIND_WITNESS', () => makeCheckpoint(folder, QUICK))
  expect(await evidenceOf(folder)).toEqual([])
})

it('stops, publishes nothing, and keeps request and reply when a witness says 422', async () => {
  const { folder } = await witnessed({
    handler: (_request, response, body) => {
      if (body.toString().startsWith('old 0\n\nlog.example/custody\n0\n')) {
        response.writeHead(409, { 'content-type': 'text/x.tlog.size' }).end('0\n')
      } else response.writeHead(422).end('no')
    },
  })
  await expectCode('LOG_WITNESS_REFUSED', () => makeCheckpoint(folder, QUICK))
  expect(existsSync(join(folder, 'served', 'checkpoint'))).toBe(false)
  const evidence = await evidenceOf(folder)
  expect(parseAddCheckpoint(evidence[0] ?? '').checkpoint.size).toBe(16)
  expect(evidence[1]).toBe('no')
})

const forged = (body: Buffer): string => {
  const { note } = parseAddCheckpoint(new Uint8Array(body))
  const [, , key] = KEYS
  const stranger = witnessKey('w3.example', seedOf(99))
  if (key === undefined) throw new Error('no key')
  const line = cosign(note.text, stranger, 1_768_500_000)
  return formatSignatureLines([{ ...line, keyId: key.vkey.id }])
}

const foreign = (body: Buffer): string =>
  formatSignatureLines([
    cosign(
      parseAddCheckpoint(new Uint8Array(body)).note.text,
      witnessKey('x.example', seedOf(98)),
      1_768_500_000,
    ),
  ])

const CROOKED: Record<string, Handler> = {
  'a forged signature': (_request, response, body) => response.end(forged(body)),
  'only signatures of others': (_request, response, body) => response.end(foreign(body)),
  'no signature lines': (_request, response) => response.end('<html>'),
  'an endless answer': (_request, response) => {
    const write = (): void => {
      while (!response.destroyed && response.write('x'.repeat(65_536)));
    }
    response.on('drain', write)
    write()
  },
  'a size that is none': (_request, response) =>
    response.writeHead(409, { 'content-type': 'text/x.tlog.size' }).end('01\n'),
  'a conflict without a size': (_request, response) => response.writeHead(409).end('5\n'),
  'another place': (_request, response) => response.writeHead(307, { location: 'http://127.0.0.1:9/' }).end(),
  silence: () => undefined,
  '404': (_request, response) => response.writeHead(404).end(),
  '403': (_request, response) => response.writeHead(403).end(),
  '500': (_request, response) => response.writeHead(500).end(),
}

it.each(Object.entries(CROOKED))(
  'publishes with the others when a witness answers with %s',
  async (_name, handler) => {
    const { folder } = await witnessed({ handler })
    const outcome = await makeCheckpoint(folder, QUICK)
    expect(outcome).toMatchObject({ state: 'published', size: 16 })
    expect(publishedWitnesses(folder)).toEqual(['w1.example', 'w2.example'])
    expect(readFileSync(join(folder, 'served', 'checkpoint'), 'utf8').split('\n— ')).toHaveLength(4)
  },
)

it('refuses a witness that has the key of another', async () => {
  const [first] = KEYS
  const key = formatVkey(first?.vkey ?? parseVkey(''))
  await expectCode('POLICY_NAME', () => makeLog({ witnesses: [`${key}@http://a`, `${key}@http://b`] }))
  const twin = formatVkey(witnessKey('twin.example', seedOf(1)).vkey)
  await expectCode('POLICY_DUPLICATE_KEY', () =>
    makeLog({ witnesses: [`${key}@http://a`, `${twin}@http://b`] }),
  )
  await expectCode('POLICY_THRESHOLD', () => makeLog({ witnesses: [`${key}@http://a`], quorum: 2 }))
})

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import {
  acceptCosignatures,
  addSignatures,
  noteKey,
  parseNote,
  signNote,
  verifyNote,
} from '#lib/tlog/index.ts'
import { addLog } from './known-logs.ts'
import { originDigest } from './origin-digest.ts'
import { makeStateFolders } from './seen-checkpoints.ts'
import {
  exampleLog,
  LOG_KEY,
  post,
  type Reply,
  seedOf,
  startWitness,
  stateFolder,
  WITNESS_KEY,
} from './testing.ts'

const log = exampleLog()

/** A witness that knows the log, and has co-signed it up to a size. */
async function witnessAt(size: number, options: Parameters<typeof startWitness>[0] = {}) {
  const state = stateFolder()
  await makeStateFolders(state)
  await addLog(state, LOG_KEY.vkey, LOG_KEY.vkey.name)
  const { url } = await startWitness({ ...options, state })
  if (size > 0) expect((await post(url, await log.request(0, size))).status).toBe(200)
  return { url, state, seen: () => seenSize(state) }
}

function seenSize(state: string): number | null {
  const [file] = readdirSync(join(state, 'seen'))
  return file === undefined ? null : JSON.parse(readFileSync(join(state, 'seen', file), 'utf8')).size
}

const now = (): number => Math.floor(Date.now() / 1000)

function cosignatureTime(reply: Reply, size: number): number | null | undefined {
  const { text } = parseNote(log.note(size))
  const times = { now: now() + 1, requestedAt: now() }
  return acceptCosignatures(text, reply.text, [WITNESS_KEY.vkey], times)[0]?.time
}

it('co-signs a log from its first checkpoint on, and the same one again', async () => {
  const { url, state } = await witnessAt(0)
  for (const [oldSize, size] of [
    [0, 5],
    [5, 5],
    [5, 300],
    [300, 301],
  ] as const) {
    const reply = await post(url, await log.request(oldSize, size))
    expect(reply.status).toBe(200)
    expect(cosignatureTime(reply, size)).toBeTypeOf('number')
    expect(seenSize(state)).toBe(size)
  }
})

it('shows whoever asks what it has co-signed last', async () => {
  const { url } = await witnessAt(0)
  const address = `${url}/${originDigest('log.example/custody')}/checkpoint`
  expect((await fetch(address)).status).toBe(404)
  const reply = await post(url, await log.request(0, 5))
  const shown = await (await fetch(address)).text()
  expect(shown).toBe(`${log.note(5)}${reply.text}`)
  expect(verifyNote(parseNote(shown), [LOG_KEY.vkey, WITNESS_KEY.vkey])).toHaveLength(2)
  expect((await fetch(address, { method: 'DELETE' })).status).toBe(405)
  expect((await fetch(`${url}/${'0'.repeat(64)}/checkpoint`)).status).toBe(404)
})

it('answers every malformed request with 400 and stays as it was', async () => {
  const { url, seen } = await witnessAt(5)
  const good = await log.request(5, 300)
  const proofLine = `${Buffer.alloc(32).toString('base64')}\n`
  const bad = [
    '',
    good.replace('old 5\n', ''),
    good.replace('old 5', 'old 05'),
    good.replace('old 5', 'old +5'),
    good.replace('old 5', 'old -5'),
    good.replace('old 5', 'old 5 '),
    good.replace('old 5', 'old 999999999999999999'),
    good.replace('old 5', 'size 5'),
    good.replace('\n', '\r\n'),
    good.slice(0, -1),
    good.replace('old 5\n', `old 5\n${proofLine.repeat(64)}`),
    good.replace('old 5\n', 'old 5\nAAAA\n'),
    good.replace('old 5\n', `old 5\n${proofLine.replace('A=', 'B=')}`),
    good.replace('\n300\n', '\n0300\n'),
    good.replace('log.example/custody\n300', 'log.example/custody\u0000\n300'),
    await log.request(301, 301).then((text) => text.replace('old 301', 'old 302')),
    'old 5\n\nno note',
  ]
  for (const body of bad)
    expect([body.slice(0, 40), (await post(url, body)).status]).toEqual([body.slice(0, 40), 400])
  expect(seen()).toBe(5)
})

it('answers 404 for a log that is not on its list, before it looks at signatures', async () => {
  const { url } = await witnessAt(0)
  const other = (await log.request(0, 5)).replaceAll('log.example/custody', 'log.example/other')
  expect((await post(url, other)).status).toBe(404)
  expect((await fetch(`${url}/sign-subtree`, { method: 'POST' })).status).toBe(404)
})

it('answers 403 without a valid signature of a known key, even beside a good one', async () => {
  const { url, seen } = await witnessAt(5)
  const stranger = exampleLog({ key: noteKey('log.example/custody', seedOf(9)) })
  expect((await post(url, await stranger.request(5, 6))).status).toBe(403)
  const good = parseNote(log.note(6))
  const forged = { ...good.signatures[0], signature: new Uint8Array(64) } as (typeof good.signatures)[0]
  const request = await log.request(5, 6)
  const both = request.replace(log.note(6), addSignatures(good, [forged]))
  expect(both).not.toBe(request)
  expect((await post(url, both)).status).toBe(403)
  expect(seen()).toBe(5)
})

it('answers 409 with the size it has seen when the log thought of another', async () => {
  const { url, seen } = await witnessAt(5)
  for (const oldSize of [0, 4, 6]) {
    expect(await post(url, await log.request(oldSize, 300))).toEqual({
      status: 409,
      type: 'text/x.tlog.size',
      text: '5\n',
    })
  }
  const first = await witnessAt(0)
  expect(await post(first.url, await log.request(1, 300))).toMatchObject({ status: 409, text: '0\n' })
  expect([seen(), first.seen()]).toEqual([5, null])
})

it('answers 422 for what does not follow, and keeps it as evidence', async () => {
  const notices: string[] = []
  const { url, state, seen } = await witnessAt(5, { notice: (message) => notices.push(message) })
  const forked = exampleLog({ entries: 'another' })
  expect((await post(url, await forked.request(5, 8))).status).toBe(422)
  const request = await log.request(5, 300)
  const [, first = ''] = request.split('\n')
  expect((await post(url, request.replace(`${first}\n`, ''))).status).toBe(422)
  expect((await post(url, request.replace(first, Buffer.alloc(32).toString('base64')))).status).toBe(422)
  expect((await post(url, (await log.request(5, 5)).replace('old 5\n', `old 5\n${first}\n`))).status).toBe(
    422,
  )
  expect(readdirSync(join(state, 'evidence')).every((name) => name.startsWith('inconsistent-'))).toBe(true)
  // Two signed roots for one size: this is the proof that a log tells two histories.
  const split = await forked.request(5, 5)
  expect((await post(url, split)).status).toBe(422)
  const name = readdirSync(join(state, 'evidence')).find((file) => file.startsWith('split-view-')) ?? ''
  expect(readFileSync(join(state, 'evidence', name), 'utf8')).toBe(split)
  expect(notices.filter((notice) => notice.startsWith('SPLIT_VIEW'))).toHaveLength(1)
  expect(seen()).toBe(5)
})

it('refuses the root of something for an empty tree', async () => {
  const { url } = await witnessAt(0)
  expect((await post(url, await log.request(0, 0))).status).toBe(200)
  const { url: other } = await witnessAt(0)
  const note = signNote(`log.example/custody\n0\n${Buffer.alloc(32).toString('base64')}\n`, [LOG_KEY])
  expect((await post(other, `old 0\n\n${note}`)).status).toBe(422)
})

it('takes only POST, and reads no more than a note can be', async () => {
  const { url, seen } = await witnessAt(5)
  expect((await post(url, '', 'GET')).status).toBe(405)
  expect((await post(url, 'x'.repeat(256 * 1024 + 1))).status).toBe(413)
  expect((await post(url, 'x'.repeat(256 * 1024))).status).toBe(400)
  expect(await postWithoutLength(url, 300 * 1024)).toBe(413)
  expect(seen()).toBe(5)
  expect((await post(url, await log.request(5, 6))).status).toBe(200)
})

/** A body of unstated length, in pieces. */
function postWithoutLength(url: string, sizeBytes: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${url}/add-checkpoint`, { method: 'POST' }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
      request.destroy()
    })
    request.on('error', reject)
    for (let sent = 0; sent < sizeBytes; sent += 4096) request.write('x'.repeat(4096))
    request.end()
  })
}

it('co-signs nothing while its clock is behind what it has signed', async () => {
  const clock = { seconds: 1_768_500_000 }
  const { url, seen } = await witnessAt(5, { now: () => new Date(clock.seconds * 1000) })
  clock.seconds -= 1
  expect((await post(url, await log.request(5, 6))).status).toBe(503)
  expect(seen()).toBe(5)
  clock.seconds += 1
  expect((await post(url, await log.request(5, 6))).status).toBe(200)
})

it('never forgets: a witness that was stopped starts where it was', async () => {
  const state = stateFolder()
  await makeStateFolders(state)
  await addLog(state, LOG_KEY.vkey, LOG_KEY.vkey.name)
  const first = await startWitness({ state })
  await post(first.url, await log.request(0, 5))
  await expect(startWitness({ state })).rejects.toMatchObject({ code: 'WITNESS_LOCKED' })
  await first.close()
  const second = await startWitness({ state })
  expect((await post(second.url, await log.request(0, 9))).text).toBe('5\n')
  expect((await post(second.url, await log.request(5, 9))).status).toBe(200)
})

it('does not guess when its memory of a log is damaged', async () => {
  const { url, state } = await witnessAt(5)
  const [file = ''] = readdirSync(join(state, 'seen'))
  writeFileSync(join(state, 'seen', file), '{"origin":"log.example/custody"}')
  expect((await post(url, await log.request(0, 9))).status).toBe(500)
  expect((await post(url, await log.request(5, 9))).status).toBe(500)
})

it('takes a log on its list while it runs, and a second key of it', async () => {
  const state = stateFolder()
  const { url } = await startWitness({ state })
  expect((await post(url, await log.request(0, 5))).status).toBe(404)
  await addLog(state, noteKey('log.example/custody', seedOf(9)).vkey, 'log.example/custody')
  expect((await post(url, await log.request(0, 5))).status).toBe(403)
  await addLog(state, LOG_KEY.vkey, 'log.example/custody')
  expect((await post(url, await log.request(0, 5))).status).toBe(200)
  await expect(addLog(state, LOG_KEY.vkey, 'log.example/custody')).rejects.toMatchObject({
    code: 'WITNESS_KNOWN',
  })
})

it('never goes back when 50 requests arrive at once, and all it signs is one history', async () => {
  const { url, seen } = await witnessAt(5)
  const requests = await Promise.all(Array.from({ length: 50 }, (_, i) => log.request(5, 6 + (i % 25))))
  let running = true
  const observed: number[] = []
  const watching = (async () => {
    while (running) {
      observed.push(seen() ?? 0)
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
  })()
  const replies = await Promise.all(requests.map((body) => post(url, body)))
  running = false
  await watching
  expect([...observed].sort((a, b) => a - b)).toEqual(observed)
  // One of them was first; the others learn from it how far the witness is, and one of the same size is no other.
  const accepted = replies.flatMap(({ status }, i) => (status === 200 ? [6 + (i % 25)] : []))
  expect(accepted).toHaveLength(1)
  expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200, 409]))
  expect(seen()).toBe(accepted[0])
})

it('slows down a log that asks without end', async () => {
  const { url } = await witnessAt(5)
  const again = await log.request(5, 5)
  const statuses: number[] = []
  for (let i = 0; i < 70 && !statuses.includes(429); i++) statuses.push((await post(url, again)).status)
  expect(statuses.at(-1)).toBe(429)
  expect(statuses.length).toBeGreaterThan(50)
})

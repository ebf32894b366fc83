import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { PAGE_BYTES } from '#contract/sizes.ts'
import { bytesToBase64, bytesToHex } from '#lib/bytes/index.ts'
import { parseNote, verifyInterimReceipt } from '#lib/tlog/index.ts'
import { makeTemporaryFolder, removeFolder } from '#node/testing/temporary-folder.ts'
import { type FetchedItem, Mailbox, reportDigest, sendReport } from '../../../client/index.ts'
import { addItemOut, findCase } from '../../case-store/index.ts'
import {
  newId,
  newMailboxKeys,
  newSurvivor,
  randomItem,
  type Survivor,
  solve,
} from '../../testing/reports.ts'
import { openWorld, type World } from '../../testing/world.ts'

let world: World
const directory = makeTemporaryFolder()
beforeAll(async () => {
  world = await openWorld({ directory })
}, 60_000)
afterAll(async () => {
  await world.close()
  removeFolder(directory)
})

async function sent(survivor: Survivor = newSurvivor()) {
  const receipt = await sendReport(world.client, survivor.report, solve)
  return { ...survivor, receipt, mailbox: new Mailbox(world.client, survivor.keys) }
}

const bodies = (items: readonly { body: Uint8Array }[]) => items.map(({ body }) => bytesToHex(body)).sort()
const hexOf = (items: readonly Uint8Array[]) => items.map(bytesToHex).sort()

async function reply(survivor: Survivor, body: Uint8Array): Promise<void> {
  const { mailbox, auth } = survivor.keys
  const found = await findCase(
    world.database.kysely,
    Buffer.from(mailbox, 'base64url'),
    Buffer.from(auth.publicKey),
  )
  if (found === null) expect.fail('no case')
  const item = { caseId: found.id, id: randomBytes(16), epoch: 1, body: Buffer.from(body) }
  expect(await addItemOut(world.database.kysely, item, world.clock.now())).toBe(true)
}

it('keeps a report and gives it back to whoever has the code, with a receipt that verifies', async () => {
  const { report, receipt, mailbox } = await sent()
  const verified = verifyInterimReceipt(parseNote(receipt), [world.receiptsKey], report.commitment)
  expect(verified).toMatchObject({ manifestSha256: reportDigest(report), receivedOn: '2026-11-24' })

  const contents = await mailbox.fetch()
  expect(contents).toMatchObject({ status: 'open', logIndex: null })
  expect(bodies(contents.items)).toEqual(hexOf(report.items))
  const own = report.wraps.find(({ address }) => address === report.mailbox)
  expect(contents.wraps).toEqual([{ epoch: 1, body: own?.wrap }])
})

it('answers every fetch with the same number of bytes, whatever waits', async () => {
  const small = await sent()
  const large = await sent(newSurvivor({ itemClasses: [3, 3, 2, 0, 0, 1] }))
  for (const { keys } of [small, large]) {
    const page = await new Mailbox(world.client, keys).fetchPage('A'.repeat(28))
    expect(page.parts.length).toBeGreaterThan(0)
  }
  const contents = await large.mailbox.fetch()
  expect(bodies(contents.items)).toEqual(hexOf(large.report.items))
  expect(PAGE_BYTES).toBe(65_536)
})

it('keeps an item of hers once, however often it is sent', async () => {
  const { mailbox, report } = await sent()
  const item = { id: newId(), epoch: 1, body: bytesToBase64(randomItem(1)) }
  await mailbox.post(item)
  await mailbox.post(item)
  expect((await mailbox.fetch()).items).toHaveLength(report.items.length + 1)
  await expect(mailbox.post({ ...item, body: bytesToBase64(randomItem(1)) })).rejects.toMatchObject({
    code: 'MAILBOX_CONFLICT',
  })
})

it('shows a reply at the next quarter hour and does not keep when that was', async () => {
  const survivor = await sent()
  const body = randomItem(0)
  world.clock.advanceMs(60_000)
  await reply(survivor, body)
  const replies = async () => (await survivor.mailbox.fetch()).items.filter(isReply)
  expect(await replies()).toEqual([])
  world.clock.advanceMs(15 * 60_000)
  expect(bodies(await replies())).toEqual(hexOf([body]))
  await world.runJobs()
  const waiting = world.database.kysely
    .selectFrom('items')
    .select('id')
    .where('release_at_quarter', 'is not', null)
  expect(await waiting.execute()).toEqual([])
  expect(bodies(await replies())).toEqual(hexOf([body]))
})

const isReply = ({ direction }: FetchedItem) => direction === 'out'

it('stops the work, keeps until the week and takes nothing in any more', async () => {
  const { mailbox, report } = await sent()
  const commitment = bytesToHex(randomBytes(32))
  const receipt = await mailbox.withdraw({ mode: 'keep', until: '2027-W10', commitment })
  expect(receipt).toContain('saksi-receipt/v1')
  expect(await mailbox.fetch()).toMatchObject({ status: 'withdrawn' })
  const item = { id: newId(), epoch: 1, body: bytesToBase64(randomItem(0)) }
  await expect(mailbox.post(item)).rejects.toMatchObject({ code: 'CASE_CLOSED' })
  const kept = await world.database.kysely
    .selectFrom('cases')
    .select('expires_week')
    .where('mailbox', '=', Buffer.from(report.mailbox, 'base64url'))
    .executeTakeFirst()
  expect(kept).toEqual({ expires_week: '2027-W10' })
})

it('erases everything and answers afterwards exactly as if there had never been anything', async () => {
  const survivor = await sent()
  await survivor.mailbox.withdraw({
    mode: 'erase',
    commitment: bytesToHex(randomBytes(32)),
    erased: [bytesToHex(randomBytes(32))],
  })
  const never = newMailboxKeys()
  const answers = []
  for (const keys of [survivor.keys, never]) answers.push(await rawFetch(keys))
  expect(answers[0]).toEqual(answers[1])
  expect(answers[0]).toMatchObject({ status: 404, body: '{"error":{"code":"MAILBOX_NOT_FOUND"}}' })
  const { kysely } = world.database
  const commitments = await kysely
    .selectFrom('commitments')
    .select('case_id')
    .where('commitment', '=', Buffer.from(survivor.report.commitment))
    .execute()
  expect(commitments).toEqual([{ case_id: null }])
  const addresses = survivor.report.wraps.map(({ address }) => Buffer.from(address, 'base64url'))
  expect(await kysely.selectFrom('wraps').select('slot').where('address', 'in', addresses).execute()).toEqual(
    [],
  )
})

/** Status, headers but for the date, and body, as they come over the line. */
async function rawFetch(keys: Survivor['keys']) {
  let seen: object | undefined
  const client = { ...world.client, mailbox: { ...world.client.mailbox, fetch: post } }
  async function post(input: unknown): Promise<Uint8Array> {
    const response = await fetch(`${world.url}/api/mailbox/fetch`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(input),
    })
    const headers = [...response.headers].filter(([name]) => name !== 'date')
    seen = { status: response.status, headers, body: await response.text() }
    return new Uint8Array()
  }
  await new Mailbox(client, keys).fetch().catch(() => undefined)
  return seen
}

it('moves the case to a new code, and the old one is as if it had never been', async () => {
  const old = await sent()
  const keys = newMailboxKeys()
  const wrap = randomBytes(1_787)
  const rotation = {
    mailbox: keys.mailbox,
    authPk: bytesToHex(keys.auth.publicKey),
    wraps: [{ epoch: 1, body: bytesToBase64(wrap) }],
    item: { id: newId(), epoch: 1, body: bytesToBase64(randomItem(0)) },
  }
  await expect(
    old.mailbox.rotate({ ...rotation, wraps: [{ epoch: 2, body: bytesToBase64(wrap) }] }),
  ).rejects.toMatchObject({ code: 'MAILBOX_CONFLICT' })
  await old.mailbox.rotate(rotation)
  await expect(old.mailbox.fetch()).rejects.toMatchObject({ code: 'MAILBOX_NOT_FOUND' })
  const contents = await new Mailbox(world.client, keys).fetch()
  expect(contents.items).toHaveLength(old.report.items.length + 1)
  expect(contents.wraps).toEqual([{ epoch: 1, body: new Uint8Array(wrap) }])
})

it('refuses a nonce a second time, and one that is old or not ours', async () => {
  const { keys } = await sent()
  const { nonce } = await world.client.mailbox.challenge()
  const again = { ...world.client, mailbox: { ...world.client.mailbox, challenge: async () => ({ nonce }) } }
  const mailbox = new Mailbox(again, keys)
  await mailbox.fetchPage('A'.repeat(28))
  await expect(mailbox.fetchPage('A'.repeat(28))).rejects.toMatchObject({ code: 'MAILBOX_NONCE_USED' })

  const { nonce: old } = await world.client.mailbox.challenge()
  world.clock.advanceMs(11 * 60_000)
  for (const one of [old, randomBytes(32).toString('base64url')]) {
    const stale = {
      ...world.client,
      mailbox: { ...world.client.mailbox, challenge: async () => ({ nonce: one }) },
    }
    await expect(new Mailbox(stale, keys).fetch()).rejects.toMatchObject({ code: 'MAILBOX_NONCE_USED' })
  }
})

it('refuses a wrong signature alike for a mailbox that is there and for one that is not', async () => {
  const { keys } = await sent()
  const stranger = newMailboxKeys()
  for (const mailbox of [keys.mailbox, newId()]) {
    const forged = new Mailbox(world.client, { mailbox, auth: { ...keys.auth, seed: stranger.auth.seed } })
    await expect(forged.fetch()).rejects.toMatchObject({ code: 'MAILBOX_SIGNATURE' })
    const otherKey = new Mailbox(world.client, { ...stranger, mailbox })
    await expect(otherKey.fetch()).rejects.toMatchObject({ code: 'MAILBOX_NOT_FOUND' })
  }
})

it('does not take a signature for one operation as one for another', async () => {
  const { keys, report } = await sent()
  const mailbox = new Mailbox(
    {
      ...world.client,
      mailbox: {
        ...world.client.mailbox,
        post: (request) => world.client.mailbox.rotate(request as never) as never,
      },
    },
    keys,
  )
  const item = { id: newId(), epoch: 1, body: bytesToBase64(randomItem(0)) }
  await expect(mailbox.post(item)).rejects.toMatchObject({ code: 'REQUEST_INVALID' })
  expect((await new Mailbox(world.client, keys).fetch()).items).toHaveLength(report.items.length)
})

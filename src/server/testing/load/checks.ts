import type { Kysely } from 'kysely'
import { expect } from 'vitest'
import { bytesToHex } from '#lib/bytes/index.ts'
import {
  formatLeaf,
  inclusionProof,
  leafHash,
  parseNote,
  parsePolicy,
  parseVkey,
  tileHashReader,
  tilePath,
  verifyCheckpoint,
  verifyInclusion,
  verifyInterimReceipt,
} from '#lib/tlog/index.ts'
import { type Client, Mailbox, ServedLog } from '../../../client/index.ts'
import type { Tables } from '../../schema/tables.ts'
import type { KeptBodies, KeptCase, Stage } from './stage.ts'

/** Whether a case is as its survivor was told: everything once, or gone. */
export async function checkCase(
  client: Client,
  { survivor, items, files, isErased }: KeptCase,
): Promise<void> {
  const mailbox = new Mailbox(client, survivor.keys)
  if (isErased) {
    await expect(mailbox.fetch()).rejects.toMatchObject({ code: 'MAILBOX_NOT_FOUND' })
    return
  }
  const contents = (await mailbox.fetch()).items.filter(({ direction }) => direction === 'in')
  expect(contents.map(({ body }) => bytesToHex(body)).sort()).toEqual([...items].sort())
  for (const { id, bytes } of files) {
    const parts = [await mailbox.getPart(id, 0), await mailbox.getPart(id, 1)]
    expect(Buffer.compare(Buffer.concat(parts), bytes)).toBe(0)
  }
}

/** Replies, sightings and sets that were acknowledged, each in its table once and unaltered. */
export async function checkRows(kysely: Kysely<Tables>, stage: Stage): Promise<void> {
  const commitments = (await kysely.selectFrom('commitments').select('commitment').execute()).map((row) =>
    bytesToHex(row.commitment),
  )
  const expected = stage.cases.map(({ survivor }) => bytesToHex(survivor.report.commitment))
  const known = new Set(expected)
  expect(commitments.filter((one) => known.has(one)).sort()).toEqual(expected.sort())
  const cases = await kysely.selectFrom('cases').select('id').execute()
  const living = stage.cases.filter(({ isErased }) => !isErased)
  expect(cases).toHaveLength(living.length)
  const out = await kysely.selectFrom('items').select(['id', 'body']).where('direction', '=', 'out').execute()
  expectAll(out, new Map(living.flatMap(({ replies }) => [...replies])))
  expectAll(await kysely.selectFrom('sightings').select(['id', 'body']).execute(), stage.sightings)
  const sets = [
    ...(await kysely.selectFrom('bank_waiting').select(['id', 'body']).execute()),
    ...(await kysely.selectFrom('bank_sets').select(['id', 'body']).execute()),
  ]
  expectAll(sets, stage.sets)
}

function expectAll(rows: readonly { readonly id: Buffer; readonly body: Buffer }[], kept: KeptBodies): void {
  const found = new Map(rows.map(({ id, body }) => [id.toString('base64url'), body.toString('base64')]))
  const lost = [...kept].filter(([id, body]) => found.get(id) !== body).map(([id]) => id)
  expect(lost).toEqual([])
  expect(found.size).toBe(rows.length)
}

/**
 * Whether each acknowledged report has a receipt that is valid by what the organisation gave out, and an entry of the log
 * that the checkpoint proves.
 */
export async function checkReceipts(
  kysely: Kysely<Tables>,
  { server, organisation, cases }: Stage,
): Promise<void> {
  const { trust } = organisation
  const log = new ServedLog({ baseUrl: server.url })
  const checkpoint = (await log.read('checkpoint')) ?? expect.fail('no checkpoint')
  const policy = parsePolicy(trust.policy, { allowNoWitness: true })
  const { size, root } = verifyCheckpoint(parseNote(checkpoint), policy).checkpoint
  const tiles = new Map<string, Promise<Uint8Array>>()
  const hashes = tileHashReader(size, (tile) => {
    const path = tilePath(tile)
    const read = tiles.get(path) ?? log.read(path).then((bytes) => bytes ?? expect.fail(path))
    tiles.set(path, read)
    return read
  })
  for (const { survivor, receipt } of cases) {
    const { commitment } = survivor.report
    verifyInterimReceipt(parseNote(receipt), [parseVkey(trust.receiptsKey)], commitment)
    const entered = await kysely
      .selectFrom('commitments')
      .select('log_index')
      .where('commitment', '=', Buffer.from(commitment))
      .executeTakeFirstOrThrow()
    const index = Number(entered.log_index ?? expect.fail('not in the log'))
    const proof = await inclusionProof(index, size, hashes)
    verifyInclusion({ index, size, leafHash: leafHash(formatLeaf(commitment)), root, proof })
  }
}

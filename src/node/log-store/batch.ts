import * as z from 'zod/mini'
import { base64ToBytes, bytesToBase64 } from '#lib/bytes/index.ts'
import { commitmentOf, formatOpening, HASH_BYTES, type Opening } from '#lib/tlog/index.ts'
import { damaged } from './errors.ts'
import { BATCH_LEAVES, parseJson } from './settings.ts'

const commitmentText = z.string().check(z.refine((text) => base64ToBytes(text)?.length === HASH_BYTES))

const batchSchema = z.strictObject({
  /** The size of the tree before it. */
  from: z.int().check(z.gte(0)),
  /** Commitments in the order of the tree. */
  leaves: z.array(commitmentText).check(z.minLength(1)),
  /** Those of them whose openings are published, by the ids of their records. */
  published: z.array(
    z.strictObject({ commitment: commitmentText, record: z.string().check(z.regex(/^[0-9a-f]{32}$/)) }),
  ),
})

/** Leaves that are to be added to the tree together. Once it is on the disk, this and nothing else comes next. */
export type Batch = z.infer<typeof batchSchema>

/** How many leaves a batch has: the smallest of 16, 64, 256, ... that holds all that wait. */
export function batchSize(pendingCount: number): number {
  let size = BATCH_LEAVES
  while (size < pendingCount) size *= 4
  return size
}

/**
 * A batch of what waits, filled up with records of no meaning, in random order: neither the number of events between
 * two checkpoints nor their order can be told from it.
 */
export function makeBatch(
  from: number,
  pending: readonly { commitment: string; publicRecord: string | null }[],
  { origin, at, random }: { origin: string; at: string; random: (bytes: number) => Uint8Array },
): { batch: Batch; pads: Opening[] } {
  const padCount = batchSize(pending.length) - pending.length
  const pads = Array.from({ length: padCount }, () => padOpening({ origin, at, random }))
  const leaves = [
    ...pending.map(({ commitment }) => commitment),
    ...pads.map((pad) => bytesToBase64(commitmentOf(pad))),
  ]
  const published = pending.flatMap(({ commitment, publicRecord: record }) =>
    record === null ? [] : [{ commitment, record }],
  )
  return { batch: { from, leaves: shuffled(leaves, random), published }, pads }
}

export const formatBatch = (batch: Batch): string => `${JSON.stringify(batch)}\n`

/** Reads what `formatBatch` wrote. Throws `LOG_DAMAGED`. */
export function parseBatch(bytes: Buffer): Batch {
  const parsed = batchSchema.safeParse(parseJson(bytes))
  if (!parsed.success) throw damaged('batch', 'it is not what Saksi writes', parsed.error)
  return parsed.data
}

/** The openings of a batch's fill, one per line: kept for a while, so that an auditor can see that it was fill. */
export function formatPads(pads: readonly Opening[]): string {
  return pads.map((pad) => `${Buffer.from(formatOpening(pad)).toString('utf8')}\n`).join('')
}

function padOpening({
  origin,
  at,
  random,
}: {
  origin: string
  at: string
  random: (bytes: number) => Uint8Array
}): Opening {
  const id = Buffer.from(random(16)).toString('hex')
  const by = { role: 'system', key: 'system' }
  return { salt: random(32), record: { v: 1, type: 'pad', id, log: origin, at, by, body: {} } }
}

/** Fisher and Yates, with 48 random bits a step: the bias of the remainder is below 1 in 10^9. */
function shuffled<Item>(items: readonly Item[], random: (bytes: number) => Uint8Array): Item[] {
  const order = [...items]
  for (let last = order.length - 1; last > 0; last--) {
    const pick = random(6).reduce((value, byte) => value * 256 + byte, 0) % (last + 1)
    const [a, b] = [order[last], order[pick]]
    if (a === undefined || b === undefined) continue
    order[last] = b
    order[pick] = a
  }
  return order
}

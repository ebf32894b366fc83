// What a custody log costs, beside what the disk alone costs:  npm run bench -- log [--json] [--single 500] [--entries 10000000]
// A durable entry waits for the disk at least once; how often the disk can be waited for in a second is measured in the same
// run, with the same bytes, and is the limit no program gets past. Proofs come from tiles of a tree whose leaves are given.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  growTree,
  inclusionProof,
  leafHash,
  rootAt,
  type Tile,
  tileHashReader,
  tilePath,
  verifyInclusion,
} from '#lib/tlog/index.ts'
import { initLog, makeCheckpoint, openLog } from '#node/log-store/index.ts'
import { median, numberOption } from './options.ts'
import { printReport } from './table.ts'

const SINGLE = numberOption('--single', 500)
const BATCH = numberOption('--batch', 50_000)
const ENTRIES = numberOption('--entries', 10_000_000)
const PROOFS = 200
const GROWN_AT_ONCE = 2 ** 16
/** Bytes of one accepted commitment in the list of what waits. */
const LINE_BYTES = 240

const random = (bytes: number): Uint8Array => new Uint8Array(randomBytes(bytes))
const handedIn = () => ({ commitment: random(32), manifestSha256: 'ab'.repeat(32) })

const folder = mkdtempSync(join(tmpdir(), 'saksi-bench-log-'))
try {
  const disk = await diskRate()
  const { single, batched, checkpointMs } = await appendRates()
  const proof = await proofTimes()
  printReport(
    `A custody log in a folder; proofs from a tree of ${ENTRIES} entries`,
    {
      columns: ['', 'a second', 'of the limit'],
      rows: [
        ['waits for the disk, one after the other (the limit)', Math.round(disk), '100 %'],
        [
          'entries, each durable before the next',
          Math.round(single),
          `${Math.round((100 * single) / disk)} %`,
        ],
        [`entries, ${BATCH} handed in at once, durable`, Math.round(batched), ''],
        [`ms for the checkpoint over these`, Math.round(checkpointMs), ''],
        ['ms for a proof from tiles, median', proof.medianMs.toFixed(3), ''],
        ['ms for a proof from tiles, slowest', proof.slowestMs.toFixed(3), ''],
      ],
    },
    { disk, single, batched, checkpointMs, ...proof },
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function diskRate(): Promise<number> {
  const file = await open(join(folder, 'disk'), 'w')
  const line = Buffer.alloc(LINE_BYTES, 'x')
  const start = performance.now()
  for (let i = 0; i < SINGLE; i++) {
    await file.write(line, 0, line.length, i * line.length)
    await file.datasync()
  }
  const rate = perSecond(SINGLE, start)
  await file.close()
  return rate
}

async function appendRates(): Promise<{ single: number; batched: number; checkpointMs: number }> {
  const path = join(folder, 'log')
  await initLog(path, { origin: 'log.example/bench', random, now: () => new Date() })
  const log = await openLog(path)
  await log.appendCommitment(handedIn())
  let start = performance.now()
  for (let i = 0; i < SINGLE; i++) await log.appendCommitment(handedIn())
  const single = perSecond(SINGLE, start)
  const many = Array.from({ length: BATCH }, handedIn)
  start = performance.now()
  await log.appendCommitments(many)
  const batched = perSecond(BATCH, start)
  await log.close()
  start = performance.now()
  await makeCheckpoint(path, { isOutOfTurn: true })
  return { single, batched, checkpointMs: performance.now() - start }
}

async function proofTimes(): Promise<{ medianMs: number; slowestMs: number }> {
  const tiles = new Map<string, Uint8Array>()
  const read = (tile: Tile): Uint8Array => tiles.get(tilePath(tile)) ?? new Uint8Array(0)
  const leafAt = (index: number): Uint8Array => leafHash(Buffer.from(String(index)))
  for (let size = 0; size < ENTRIES; ) {
    const count = Math.min(GROWN_AT_ONCE, ENTRIES - size)
    const grown = await growTree(
      size,
      Array.from({ length: count }, (_, i) => leafAt(size + i)),
      read,
    )
    for (const { tile, bytes } of grown.tiles) tiles.set(tilePath(tile), bytes)
    size += count
  }
  const readHashes = tileHashReader(ENTRIES, read)
  const root = await rootAt(ENTRIES, readHashes)
  const times: number[] = []
  for (let i = 0; i < PROOFS; i++) {
    const index = Math.floor((i / PROOFS) * ENTRIES)
    const start = performance.now()
    const proof = await inclusionProof(index, ENTRIES, readHashes)
    times.push(performance.now() - start)
    verifyInclusion({ index, size: ENTRIES, leafHash: leafAt(index), root, proof })
  }
  return { medianMs: median(times), slowestMs: Math.max(...times) }
}

function perSecond(count: number, startMs: number): number {
  return (1000 * count) / (performance.now() - startMs)
}

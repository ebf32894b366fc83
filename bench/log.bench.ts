// What a custody log costs, beside what the disk alone costs:
//   npm run bench -- log [--json] [--single 1000] [--batch 50000] [--entries 10000000]
// A durable entry waits for the disk at least once. How often a second the disk can be waited for, with the same bytes and
// nothing else, is the limit no program gets past; both are measured in turn, because others use the disk too. Proofs come
// from tiles of a tree whose leaves are given, and from a whole log in a folder with everything that belongs to it.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bytesToBase64 } from '#lib/bytes/index.ts'
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
import { initLog, makeCheckpoint, openLog, proveRecord, proveRecords } from '#node/log-store/index.ts'
import { median, numberOption } from './options.ts'
import { printReport } from './table.ts'

const SINGLE = numberOption('--single', 1_000)
const BATCH = numberOption('--batch', 50_000)
const ENTRIES = numberOption('--entries', 10_000_000)
const PROOFS = 200
const TURNS = 10
const GROWN_AT_ONCE = 2 ** 16
/** Bytes of one accepted commitment in the list of what waits. */
const LINE_BYTES = 240

const random = (bytes: number): Uint8Array => new Uint8Array(randomBytes(bytes))
const handedIn = () => ({ commitment: random(32), manifestSha256: 'ab'.repeat(32) })

const folder = mkdtempSync(join(tmpdir(), 'saksi-bench-log-'))
try {
  const log = await logRates(join(folder, 'log'))
  const proof = await proofTimes()
  const ratio = (100 * log.single) / log.disk
  printReport(
    `A custody log in a folder; proofs from a tree of ${ENTRIES} entries`,
    {
      columns: ['', 'a second', 'of the limit'],
      rows: [
        ['waits for the disk, one after the other (the limit)', Math.round(log.disk), '100 %'],
        ['entries, each durable before the next', Math.round(log.single), `${Math.round(ratio)} %`],
        [`entries, ${BATCH} handed in at once, durable`, Math.round(log.batched), ''],
        ['ms for the checkpoint over these', Math.round(log.checkpointMs), ''],
        [`ms for a proof file from this log, opened for it, median`, log.proofFileMs.toFixed(2), ''],
        [`ms for each of ${PROOFS} proof files at once`, log.proofFilesMs.toFixed(2), ''],
        ['ms for a proof from tiles, median', proof.medianMs.toFixed(3), ''],
        ['ms for a proof from tiles, slowest', proof.slowestMs.toFixed(3), ''],
      ],
    },
    { ...log, ...proof },
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}

interface LogRates {
  readonly disk: number
  readonly single: number
  readonly batched: number
  readonly checkpointMs: number
  readonly proofFileMs: number
  readonly proofFilesMs: number
}

async function logRates(path: string): Promise<LogRates> {
  await initLog(path, { origin: 'log.example/bench', random, now: () => new Date() })
  const log = await openLog(path)
  await log.appendCommitment(handedIn())
  const { disk, single } = await singleRates(() => log.appendCommitment(handedIn()))
  const many = Array.from({ length: BATCH }, handedIn)
  let start = performance.now()
  await log.appendCommitments(many)
  const batched = perSecond(BATCH, start)
  await log.close()
  start = performance.now()
  await makeCheckpoint(path, { isOutOfTurn: true })
  const checkpointMs = performance.now() - start
  const asked = many.slice(0, PROOFS).map(({ commitment }) => bytesToBase64(commitment))
  const times: number[] = []
  for (const what of asked) {
    const begun = performance.now()
    await proveRecord(path, what)
    times.push(performance.now() - begun)
  }
  start = performance.now()
  await proveRecords(path, asked)
  const proofFilesMs = (performance.now() - start) / asked.length
  return { disk, single, batched, checkpointMs, proofFileMs: median(times), proofFilesMs }
}

/** The disk alone and the log in turns, each by its median turn. */
async function singleRates(append: () => Promise<unknown>): Promise<{ disk: number; single: number }> {
  const file = await open(join(folder, 'disk'), 'w')
  const line = Buffer.alloc(LINE_BYTES, 'x')
  const count = Math.ceil(SINGLE / TURNS)
  const rates: { disk: number[]; single: number[] } = { disk: [], single: [] }
  let at = 0
  for (let turn = 0; turn < TURNS; turn++) {
    let start = performance.now()
    for (let i = 0; i < count; i++) {
      await file.write(line, 0, line.length, at)
      await file.datasync()
      at += line.length
    }
    rates.disk.push(perSecond(count, start))
    start = performance.now()
    for (let i = 0; i < count; i++) await append()
    rates.single.push(perSecond(count, start))
  }
  await file.close()
  return { disk: median(rates.disk), single: median(rates.single) }
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

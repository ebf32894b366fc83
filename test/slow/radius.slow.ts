// The radius index at full size, against looking at every row in plain TypeScript and in the kernel. Minutes long, so run by
// hand and at night, not with the other tests:
//   node node_modules/tsx/dist/cli.mjs test/slow/radius.slow.ts [--n 1000000]
// Prints a line per promise kept; ends with 1 at the first that is broken.
import assert from 'node:assert/strict'
import { distance } from '#lib/phash/index.ts'
import { ExactIndex, type Hit } from '#lib/radius/index.ts'
import { numberOption } from '../../bench/options.ts'
import { type DataName, flipped, makeData, PRINT_BYTES, randomWords } from '../../bench/radius/data.ts'

const n = numberOption('--n', 1_000_000)
const QUERIES = 1_000
/** Of those, so many are also compared with plain TypeScript, which shares nothing with the kernel. */
const PLAIN_QUERIES = 10
const CYCLES = 1_000_000
const FLIPS = 100

const ids = Uint32Array.from({ length: n }, (_, row) => row)
for (const data of ['uniform', 'skewed', 'real'] as const) checkRecall(data)
checkPlanted()
checkSingleAdds()
checkMemory()
checkSnapshot()

function checkRecall(data: DataName): void {
  const prints = makeData(data, n, 1)
  const queries = makeQueries(data, prints)
  const flat = new ExactIndex({ layout: 'flat' })
  flat.addMany(ids, prints)
  const expected = flat.queryMany(queries)
  for (let k = 0; k < PLAIN_QUERIES; k++) {
    assert.deepEqual(expected[k], plainHits(prints, printAt(queries, k)))
  }
  for (const layout of ['sketch', 'lean'] as const) {
    const index = new ExactIndex({ layout })
    index.addMany(ids, prints)
    assert.deepEqual(index.queryMany(queries), expected)
    for (const radius of [0, 7, 15, 22, 30]) {
      const sample = queries.subarray(0, 50 * PRINT_BYTES)
      const within = expected.slice(0, 50).map((hits) => hits.filter((hit) => hit.distance <= radius))
      assert.deepEqual(index.queryMany(sample, radius), within)
    }
    const hits = expected.reduce((sum, { length }) => sum + length, 0)
    say(`${n} ${data} rows, ${layout}: all ${hits} hits of ${QUERIES} queries, and no other`)
  }
}

function checkPlanted(): void {
  const next = randomWords(5)
  const prints = makeData('uniform', n, 6)
  const query = makeData('uniform', 1, 7)
  const index = new ExactIndex()
  index.addMany(ids, prints)
  for (let apart = 0; apart <= 40; apart++) index.add(n + apart, differing(query, apart, next))
  const found = index.query(query)
  assert.deepEqual(
    found,
    Array.from({ length: 32 }, (_, apart) => ({ id: n + apart, distance: apart })),
  )
  say('planted copies 0..40 bits apart: 0..31 found, 32..40 not')
}

/** Rows added one by one are found at once, and the work of rebuilding is spread over the calls. */
function checkSingleAdds(): void {
  const count = Math.min(n, 1_000_000)
  const prints = makeData('uniform', count, 8)
  const index = new ExactIndex()
  let longestMs = 0
  for (let id = 0; id < count; id++) {
    const startedMs = performance.now()
    index.add(id, printAt(prints, id))
    longestMs = Math.max(longestMs, performance.now() - startedMs)
    if (id % 1_000 === 0) assert.ok(index.query(printAt(prints, id), 0).some((hit) => hit.id === id))
  }
  assert.equal(index.size, count)
  for (let id = 0; id < count; id += 997) {
    assert.deepEqual(index.query(printAt(prints, id), 0), [{ id, distance: 0 }])
  }
  say(`${count} single adds: longest ${longestMs.toFixed(2)} ms, ${index.handles.length} segments`)
}

function checkMemory(): void {
  const next = randomWords(11)
  const kept = 5_000
  const index = new ExactIndex()
  const fresh = () => Uint8Array.from({ length: PRINT_BYTES }, () => next() >>> 24)
  const largest = [0, 0]
  const residentMb = [0, 0]
  for (let id = 0; id < CYCLES; id++) {
    index.add(id, fresh())
    if (id >= kept) assert.equal(index.remove(id - kept), true)
    const half = id < CYCLES / 2 ? 0 : 1
    largest[half] = Math.max(largest[half] ?? 0, index.sizeBytes)
    if (id % 1_000 === 0) {
      residentMb[half] = Math.max(residentMb[half] ?? 0, process.memoryUsage.rss() / 2 ** 20)
    }
  }
  assert.equal(index.size, kept)
  assert.ok((largest[1] ?? 0) <= 1.1 * (largest[0] ?? 0), `grew from ${largest[0]} to ${largest[1]} bytes`)
  assert.ok(
    (residentMb[1] ?? 0) < (residentMb[0] ?? 0) + 200,
    `grew from ${residentMb[0]} to ${residentMb[1]} MB`,
  )
  say(
    `${CYCLES} adds and removals: ${largest[1]} bytes at most, resident ${residentMb.map(Math.round)} MB by half`,
  )
}

function checkSnapshot(): void {
  const next = randomWords(12)
  const prints = makeData('uniform', n, 13)
  const index = new ExactIndex()
  index.addMany(ids, prints)
  const bytes = index.snapshot()
  const again = ExactIndex.load(bytes)
  assert.equal(again.size, n)
  for (let k = 0; k < 200; k++) {
    const print = printAt(prints, next() % n)
    assert.deepEqual(again.query(print), index.query(print))
  }
  for (let flip = 0; flip < FLIPS; flip++) {
    const at = next() % bytes.length
    bytes[at] = (bytes[at] ?? 0) ^ (1 << (next() & 7))
    assert.throws(() => ExactIndex.load(bytes), { code: 'SNAPSHOT_CORRUPT' })
  }
  say(`a snapshot of ${bytes.length} bytes comes back whole; ${FLIPS} damaged ones are refused`)
}

function makeQueries(data: DataName, prints: Uint8Array): Uint8Array {
  const next = randomWords(3)
  const queries = makeData(data, QUERIES, 4)
  for (let k = 0; k < QUERIES; k += 2) {
    queries.set(flipped(printAt(prints, next() % n), next() % 41, next), k * PRINT_BYTES)
  }
  return queries
}

function plainHits(prints: Uint8Array, query: Uint8Array): Hit[] {
  const hits: Hit[] = []
  for (let id = 0; id < n; id++) {
    const apart = distance(printAt(prints, id), query)
    if (apart <= 31) hits.push({ id, distance: apart })
  }
  return hits.sort((a, b) => a.distance - b.distance || a.id - b.id)
}

function differing(print: Uint8Array, count: number, next: () => number): Uint8Array {
  const copy = Uint8Array.from(print)
  const bits = new Set<number>()
  while (bits.size < count) bits.add(next() >>> 24)
  for (const bit of bits) copy[bit >>> 3] = (copy[bit >>> 3] ?? 0) ^ (1 << (bit & 7))
  return copy
}

function printAt(prints: Uint8Array, k: number): Uint8Array {
  return prints.subarray(k * PRINT_BYTES, (k + 1) * PRINT_BYTES)
}

function say(promise: string): void {
  console.log(`ok  ${promise}`)
}

import { type Chunk, chunkRadius, MAX_RADIUS, type Plan, probeCount, probeMasks } from './plan.ts'
import type { Hit } from './port.ts'
import { type Rows, scanRows } from './rows.ts'
import { popcount, popcount3, ROW_WORDS, rowDistance } from './words.ts'

const SKETCH_WORDS = 3

/** One chunk's buckets: the entries of key k are `offsets[k]` .. `offsets[k + 1]` (exclusive). */
interface Table {
  readonly chunk: Chunk
  /** Keys to XOR with the query's key, fewest bits first, up to the largest radius this chunk is ever asked for. */
  readonly masks: Uint32Array
  readonly offsets: Uint32Array
  /** Per entry the row number, in a `sketch` layout preceded by three words of the row that the chunk does not cover. */
  readonly entries: Uint32Array
  /** The first of those three words; the others follow, going round. */
  readonly sketchStart: number
}

/** Which buckets one query visits: parallel lists, in order of chunk. */
interface Visits {
  readonly from: Uint32Array
  readonly to: Uint32Array
  /** Per chunk, where its visits end. */
  readonly ends: Uint32Array
}

/**
 * The rows `start` .. `end` (exclusive) under generalised multi-index hashing: each row lies, for each chunk, in the
 * bucket of its bits there; a query visits the buckets within a small radius and compares what it finds. Built once;
 * rows removed later are passed over as hits.
 */
export class Segment {
  readonly start: number
  readonly end: number
  readonly #tables: readonly Table[]
  readonly #stride: number
  readonly #visits: Visits

  constructor(rows: Rows, start: number, end: number, plan: Plan) {
    this.start = start
    this.end = end
    this.#stride = plan.layout === 'sketch' ? SKETCH_WORDS + 1 : 1
    const masks = new Map<string, Uint32Array>()
    this.#tables = plan.chunks.map((chunk, j) => {
      const radius = chunkRadius(j, plan.chunks.length, MAX_RADIUS)
      const name = `${chunk.width}:${radius}`
      const shared = masks.get(name) ?? probeMasks(chunk.width, radius)
      masks.set(name, shared)
      return buildTable(rows, start, end, chunk, shared, this.#stride)
    })
    const most = this.#tables.reduce((sum, table) => sum + table.masks.length, 0)
    this.#visits = {
      from: new Uint32Array(most),
      to: new Uint32Array(most),
      ends: new Uint32Array(this.#tables.length),
    }
  }

  /** Bytes of the tables, without the rows. */
  get tableBytes(): number {
    return this.#tables.reduce((sum, table) => sum + table.offsets.byteLength + table.entries.byteLength, 0)
  }

  /** Adds every hit of this segment to `hits`, each once. */
  query(rows: Rows, query: Uint32Array, radius: number, hits: Hit[]): void {
    const candidates = this.#listVisits(query, radius)
    // Equal or nearly equal rows crowd into the same buckets of every chunk: then looking at each row once is less work.
    if (candidates >= this.end - this.start) {
      scanRows(rows, this.start, this.end, query, radius, hits)
      return
    }
    let visit = 0
    for (let j = 0; j < this.#tables.length; j++) {
      const end = this.#visits.ends[j] ?? 0
      if (this.#stride === 1) this.#scanLean(rows, query, radius, j, visit, end, hits)
      else this.#scanSketches(rows, query, radius, j, visit, end, hits)
      visit = end
    }
  }

  /** Lists the non-empty buckets the query has to visit and returns how many entries they hold together. */
  #listVisits(query: Uint32Array, radius: number): number {
    const { from, to, ends } = this.#visits
    let count = 0
    let candidates = 0
    for (let j = 0; j < this.#tables.length; j++) {
      const table = this.#tables[j]
      if (table === undefined) break
      const within = chunkRadius(j, this.#tables.length, radius)
      const probes = within < 0 ? 0 : probeCount(table.chunk.width, within)
      const key = chunkKey(query, 0, table.chunk)
      const { masks, offsets } = table
      for (let p = 0; p < probes; p++) {
        const bucket = key ^ (masks[p] ?? 0)
        const first = offsets[bucket] ?? 0
        const last = offsets[bucket + 1] ?? 0
        if (first === last) continue
        from[count] = first
        to[count] = last
        count++
        candidates += last - first
      }
      ends[j] = count
    }
    return candidates
  }

  #scanSketches(
    rows: Rows,
    query: Uint32Array,
    radius: number,
    j: number,
    visit: number,
    end: number,
    hits: Hit[],
  ): void {
    const table = this.#tables[j]
    if (table === undefined) return
    const { from, to } = this.#visits
    const { entries, sketchStart } = table
    const q0 = (query[sketchStart] ?? 0) | 0
    const q1 = (query[(sketchStart + 1) % ROW_WORDS] ?? 0) | 0
    const q2 = (query[(sketchStart + 2) % ROW_WORDS] ?? 0) | 0
    for (let v = visit; v < end; v++) {
      const last = (to[v] ?? 0) * 4
      for (let e = (from[v] ?? 0) * 4; e < last; e += 4) {
        const apart = popcount3(
          (entries[e] ?? 0) ^ q0,
          (entries[e + 1] ?? 0) ^ q1,
          (entries[e + 2] ?? 0) ^ q2,
        )
        if (apart <= radius) this.#report(rows, query, radius, j, entries[e + 3] ?? 0, hits)
      }
    }
  }

  #scanLean(
    rows: Rows,
    query: Uint32Array,
    radius: number,
    j: number,
    visit: number,
    end: number,
    hits: Hit[],
  ): void {
    const table = this.#tables[j]
    if (table === undefined) return
    const { from, to } = this.#visits
    const { entries } = table
    const { words } = rows
    const q0 = (query[0] ?? 0) | 0
    const q1 = (query[1] ?? 0) | 0
    const q2 = (query[2] ?? 0) | 0
    for (let v = visit; v < end; v++) {
      const last = to[v] ?? 0
      for (let e = from[v] ?? 0; e < last; e++) {
        const row = entries[e] ?? 0
        const at = row * ROW_WORDS
        const apart = popcount3((words[at] ?? 0) ^ q0, (words[at + 1] ?? 0) ^ q1, (words[at + 2] ?? 0) ^ q2)
        if (apart <= radius) this.#report(rows, query, radius, j, row, hits)
      }
    }
  }

  /** Adds a candidate of chunk `j` that is a hit, not removed, and that no earlier chunk has reported. */
  #report(rows: Rows, query: Uint32Array, radius: number, j: number, row: number, hits: Hit[]): void {
    if (rows.removed[row] === 1) return
    const distance = rowDistance(rows.words, row * ROW_WORDS, query, 0, radius)
    if (distance > radius) return
    for (let i = 0; i < j; i++) {
      const chunk = this.#tables[i]?.chunk
      if (chunk === undefined) break
      const apart = chunkKey(rows.words, row * ROW_WORDS, chunk) ^ chunkKey(query, 0, chunk)
      if (popcount(apart) <= chunkRadius(i, this.#tables.length, radius)) return
    }
    hits.push({ id: rows.ids[row] ?? 0, distance })
  }
}

/** The bits of a chunk in the row whose words start at `from`. */
function chunkKey(words: Uint32Array, from: number, chunk: Chunk): number {
  const word = from + (chunk.start >>> 5)
  const shift = chunk.start & 31
  let bits = (words[word] ?? 0) >>> shift
  if (shift + chunk.width > 32) bits |= (words[word + 1] ?? 0) << (32 - shift)
  return bits & ((1 << chunk.width) - 1)
}

/** Counting sort of the rows by the key of one chunk. Rows already removed are left out. */
function buildTable(
  rows: Rows,
  start: number,
  end: number,
  chunk: Chunk,
  masks: Uint32Array,
  stride: number,
): Table {
  const { words, removed } = rows
  const offsets = new Uint32Array(2 ** chunk.width + 1)
  let live = 0
  for (let row = start; row < end; row++) {
    if (removed[row] === 1) continue
    const key = chunkKey(words, row * ROW_WORDS, chunk)
    offsets[key] = (offsets[key] ?? 0) + 1
    live++
  }
  let sum = 0
  for (let key = 0; key < offsets.length; key++) {
    sum += offsets[key] ?? 0
    offsets[key] = sum
  }
  // Filling from the back of each bucket turns the ends into the beginnings.
  const entries = new Uint32Array(live * stride)
  const sketchStart = ((chunk.start >>> 5) + 2) % ROW_WORDS
  for (let row = end - 1; row >= start; row--) {
    if (removed[row] === 1) continue
    const at = row * ROW_WORDS
    const key = chunkKey(words, at, chunk)
    const entry = (offsets[key] ?? 0) - 1
    offsets[key] = entry
    for (let k = 0; k < stride - 1; k++) {
      entries[entry * stride + k] = words[at + ((sketchStart + k) % ROW_WORDS)] ?? 0
    }
    entries[entry * stride + stride - 1] = row
  }
  return { chunk, masks, offsets, entries, sketchStart }
}

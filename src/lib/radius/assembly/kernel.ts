// The inner loops of the radius index, in AssemblyScript; built by `node scripts/build-wasm.mjs`. Nothing here allocates or
// keeps state, so any number of threads may search one memory: `src/lib/radius/layout.ts` says where everything lies, and
// each reader has a scratch area of its own. Rows are 32 bytes of permuted bits (`src/lib/radius/permutation.ts`).
// One file, because a module is built from one: the passes that build tables, and the search in them.

/** Bytes of a descriptor of one chunk, and of the sketch of one entry. */
const DESCRIPTOR_BYTES: usize = 64
const SKETCH_BYTES: usize = 12
/** Of a bucket longer than this the processor fetches the rest ahead by itself. */
const TOUCHED_BYTES: usize = 1024
const TOUCHED_ROWS: usize = 128

// Fields of the head of a segment (`Head` in layout.ts).
const ROWS: usize = 4
const IDS: usize = 8
const REMOVED: usize = 12
const SLOTS: usize = 16
const SLOT_MASK: usize = 20
const CHUNKS: usize = 24
const DESCRIPTORS: usize = 28
const PERMUTATION: usize = 32
const IS_LEAN: usize = 36
const CROWDED: usize = 40

// Fields of a descriptor (`Descriptor` in layout.ts).
const KEY_BYTE: usize = 0
const KEY_SHIFT: usize = 4
const KEY_MASK: usize = 8
const OFFSETS: usize = 12
const SKETCHES: usize = 16
const ENTRY_ROWS: usize = 20
const SKETCH_BYTE: usize = 24
const BLOCK_MASK: usize = 28
const PROBE_MASKS: usize = 32
const PROBE_COUNTS: usize = 36
const CROWDING_WEIGHT: usize = 48

// Parts of a scratch area (`Scratch` in layout.ts): the fingerprints asked for, the questions made of them, and what is noted
// while they are answered.
const QUESTIONS: usize = 256
const QUESTION_BYTES: usize = 192
const DENSITIES: usize = 1792
const SINK: usize = 1920
const VISITS: usize = 2048
const VISITS_BYTES: usize = 4096
const HITS: usize = 10240
const MAX_HITS: u32 = 4096

// Parts of a question (`Question` in layout.ts): the fingerprint in the order of stored bits, the radius of each chunk, that of
// the question.
const QUERY: usize = 0
const RADII: usize = 32
const RADIUS: usize = 160
/** The second word of a hit is its distance, and above these bits the number of its question. */
const DISTANCE_BITS: u32 = 16

/** Where in the table of the order of bits the bits begin, after the bytes. */
const BITS: usize = 256

// @ts-ignore: decorator
@inline
function questionOf(scratch: usize, asked: u32): usize {
  return scratch + QUESTIONS + <usize>asked * QUESTION_BYTES
}

/** Rows of the fixed order of bits: stored byte k takes, for each bit b, bit `bits[b][k]` of byte `bytes[b][k]`. */
export function permute(from: usize, to: usize, table: usize): void {
  const low = v128.load(from)
  const high = v128.load(from, 16)
  let left = i8x16.splat(0)
  let right = left
  for (let b = 0; b < 8; b++) {
    const target = i8x16.splat(<i8>(<i32>1 << b))
    const bytes = table + (<usize>b << 5)
    const first = bitsSet(gather(low, high, v128.load(bytes)), v128.load(bytes, BITS))
    const second = bitsSet(gather(low, high, v128.load(bytes, 16)), v128.load(bytes, BITS + 16))
    left = v128.or(left, v128.and(target, first))
    right = v128.or(right, v128.and(target, second))
  }
  v128.store(to, left)
  v128.store(to, right, 16)
}

// @ts-ignore: decorator
@inline
function gather(low: v128, high: v128, places: v128): v128 {
  const upper = i8x16.sub(places, i8x16.splat(16))
  // Places past the end of a half give zero.
  return v128.or(i8x16.swizzle(low, places), i8x16.swizzle(high, upper))
}

// @ts-ignore: decorator
@inline
function bitsSet(bytes: v128, bit: v128): v128 {
  return i8x16.eq(v128.and(bytes, bit), bit)
}

/** `permute` for `count` rows; `from` and `to` may be the same. */
export function permuteRows(from: usize, to: usize, count: u32, table: usize): void {
  for (let end = from + (<usize>count << 5); from < end; from += 32, to += 32) permute(from, to, table)
}

/** How many of the rows `first` .. `end` (exclusive) have an odd number of set bits. */
export function countOdd(head: usize, first: u32, end: u32): u32 {
  const rows = <usize>load<u32>(head, ROWS)
  let odd: u32 = 0
  for (let row = rows + (<usize>first << 5), stop = rows + (<usize>end << 5); row < stop; row += 32) {
    const folded = load<u64>(row) ^ load<u64>(row, 8) ^ load<u64>(row, 16) ^ load<u64>(row, 24)
    odd += <u32>popcnt(folded) & 1
  }
  return odd
}

// @ts-ignore: decorator
@inline
function isRemoved(head: usize, row: u32): bool {
  return ((load<u8>(<usize>load<u32>(head, REMOVED) + (row >> 3)) >> (row & 7)) & 1) !== 0
}

// @ts-ignore: decorator
@inline
function home(id: u32): u32 {
  const mixed = id * 0x9e3779b1
  return mixed ^ (mixed >> 15)
}

/**
 * Enters rows into the table of ids; the id of a removed row may come again. Returns the first row whose id is there already,
 * otherwise `end`.
 */
export function insertIds(head: usize, first: u32, end: u32): u32 {
  const ids = <usize>load<u32>(head, IDS)
  const slots = <usize>load<u32>(head, SLOTS)
  const mask = load<u32>(head, SLOT_MASK)
  for (let row = first; row < end; row++) {
    const id = load<u32>(ids + (<usize>row << 2))
    let slot = home(id) & mask
    for (;;) {
      const entered = load<u32>(slots + (<usize>slot << 2))
      if (entered === 0) break
      if (load<u32>(ids + (<usize>(entered - 1) << 2)) === id) {
        if (!isRemoved(head, entered - 1)) return row
        break
      }
      slot = (slot + 1) & mask
    }
    store<u32>(slots + (<usize>slot << 2), row + 1)
  }
  return end
}

/** The row of an id, be it removed, or -1. */
export function findId(head: usize, id: u32): i32 {
  const ids = <usize>load<u32>(head, IDS)
  const slots = <usize>load<u32>(head, SLOTS)
  const mask = load<u32>(head, SLOT_MASK)
  let slot = home(id) & mask
  let entered = load<u32>(slots + (<usize>slot << 2))
  while (entered !== 0) {
    if (load<u32>(ids + (<usize>(entered - 1) << 2)) === id) break
    slot = (slot + 1) & mask
    entered = load<u32>(slots + (<usize>slot << 2))
  }
  return <i32>entered - 1
}

// @ts-ignore: decorator
@inline
function keyOf(row: usize, chunk: usize): u32 {
  return <u32>(load<u64>(row + load<u32>(chunk, KEY_BYTE)) >> load<u32>(chunk, KEY_SHIFT)) & load<u32>(chunk, KEY_MASK)
}

/** First pass of a counting sort: how many rows each key has. */
export function countKeys(head: usize, chunk: usize, first: u32, end: u32): void {
  const rows = <usize>load<u32>(head, ROWS)
  const offsets = <usize>load<u32>(chunk, OFFSETS)
  for (let row = rows + (<usize>first << 5), stop = rows + (<usize>end << 5); row < stop; row += 32) {
    const at = offsets + (<usize>keyOf(row, chunk) << 2)
    store<u32>(at, load<u32>(at) + 1)
  }
}

/** Second pass: counts of the keys `first` .. `end` (exclusive) become ends of buckets. Takes and gives the sum so far. */
export function sumKeys(chunk: usize, first: u32, end: u32, sum: u32): u32 {
  const offsets = <usize>load<u32>(chunk, OFFSETS)
  for (let at = offsets + (<usize>first << 2), stop = offsets + (<usize>end << 2); at < stop; at += 4) {
    sum += load<u32>(at)
    store<u32>(at, sum)
  }
  return sum
}

/** Third pass: filling each bucket from its end turns the ends into beginnings. */
export function fillBuckets(head: usize, chunk: usize, first: u32, end: u32): void {
  const rows = <usize>load<u32>(head, ROWS)
  const offsets = <usize>load<u32>(chunk, OFFSETS)
  const sketches = <usize>load<u32>(chunk, SKETCHES)
  const entryRows = <usize>load<u32>(chunk, ENTRY_ROWS)
  const lower = <usize>load<u32>(chunk, SKETCH_BYTE)
  const upper = (lower + 8) & 31
  const isLean = load<u32>(head, IS_LEAN) !== 0
  for (let number = first; number < end; number++) {
    const row = rows + (<usize>number << 5)
    const at = offsets + (<usize>keyOf(row, chunk) << 2)
    const entry = load<u32>(at) - 1
    store<u32>(at, entry)
    store<u32>(entryRows + (<usize>entry << 2), number)
    if (isLean) continue
    const sketch = sketches + <usize>entry * SKETCH_BYTES
    store<u64>(sketch, load<u64>(row + lower))
    store<u32>(sketch, load<u32>(row + upper), 8)
  }
}

// @ts-ignore: decorator
@inline
function distance(a: usize, b: usize): u32 {
  return <u32>(
    popcnt(load<u64>(a) ^ load<u64>(b)) +
    <u32>popcnt(load<u64>(a, 8) ^ load<u64>(b, 8)) +
    <u32>popcnt(load<u64>(a, 16) ^ load<u64>(b, 16)) +
    <u32>popcnt(load<u64>(a, 24) ^ load<u64>(b, 24))
  )
}

/** Brings the fingerprint of a question into the order of stored bits. */
function prepare(head: usize, scratch: usize, asked: u32): usize {
  const question = questionOf(scratch, asked)
  permute(scratch + (<usize>asked << 5), question + QUERY, <usize>load<u32>(head, PERMUTATION))
  return question
}

/**
 * Looks at each of the rows `first` .. `end` (exclusive, at most 4,096) for one question. Returns how many hits lie in the
 * scratch area.
 */
export function scan(head: usize, scratch: usize, asked: u32, first: u32, end: u32): u32 {
  const question = prepare(head, scratch, asked)
  const radius = load<i32>(question, RADIUS)
  const rows = <usize>load<u32>(head, ROWS)
  const a = load<u64>(question, QUERY)
  const b = load<u64>(question, QUERY + 8)
  let hits: u32 = 0
  const stop = rows + (<usize>end << 5)
  for (let row = rows + (<usize>first << 5); row < stop; row += 32) {
    // Half a row settles nearly every stranger.
    if (<i32>(popcnt(load<u64>(row) ^ a) + popcnt(load<u64>(row, 8) ^ b)) > radius) continue
    const apart = distance(row, question + QUERY)
    const number = <u32>(row - rows) >> 5
    if (<i32>apart > radius || isRemoved(head, number)) continue
    hits = addHit(head, scratch, hits, number, (asked << DISTANCE_BITS) | apart)
  }
  return hits
}

function addHit(head: usize, scratch: usize, hits: u32, row: u32, found: u32): u32 {
  const to = scratch + HITS + (<usize>hits << 3)
  store<u32>(to, load<u32>(<usize>load<u32>(head, IDS) + (<usize>row << 2)))
  store<u32>(to, found, 4)
  return hits + 1
}

/**
 * Hits of the questions `first` .. `last` (both included) by way of the buckets. Returns how many lie in the scratch area, or -1 when looking at
 * each row is less work: the buckets are crowded, or there are more hits than room.
 *
 * Chunk by chunk, all questions in each: those with the same key there, as the orientations of one picture have, then find
 * the buckets in the nearest cache.
 */
export function search(head: usize, scratch: usize, first: u32, last: u32): i32 {
  const chunks = load<u32>(head, CHUNKS)
  for (let asked = first; asked <= last; asked++) {
    spreadRadius(head, prepare(head, scratch, asked), scratch + DENSITIES, chunks)
  }
  const isLean = load<u32>(head, IS_LEAN) !== 0
  const entryBytes: usize = isLean ? 4 : SKETCH_BYTES
  const crowded = <usize>load<u32>(head, CROWDED) * entryBytes
  const descriptors = <usize>load<u32>(head, DESCRIPTORS)
  let visited: usize = 0
  let hits: i32 = 0
  let visits = scratch + VISITS
  let next = visits + VISITS_BYTES
  let end = listBuckets(questionOf(scratch, first), descriptors, 0, visits)
  let j: u32 = 0
  let asked = first
  while (j < chunks) {
    const chunk = descriptors + <usize>j * DESCRIPTOR_BYTES
    const entries = <usize>(isLean ? load<u32>(chunk, ENTRY_ROWS) : load<u32>(chunk, SKETCHES))
    visited += touchBuckets(scratch, entries, entryBytes, visits, end)
    if (visited > crowded) return -1
    const nextAsked = asked < last ? asked + 1 : first
    const nextJ = asked < last ? j : j + 1
    const nextChunk = descriptors + <usize>nextJ * DESCRIPTOR_BYTES
    // While the touched lines are on their way, so are the offsets of what comes next.
    const nextEnd = nextJ < chunks ? listBuckets(questionOf(scratch, nextAsked), nextChunk, nextJ, next) : next
    hits = isLean
      ? scanLean(head, scratch, chunk, j, asked, visits, end, hits)
      : scanSketches(head, scratch, chunk, j, asked, visits, end, hits)
    if (hits < 0) return -1
    const free = visits
    visits = next
    end = nextEnd
    next = free
    asked = nextAsked
    j = nextJ
  }
  return hits
}

/**
 * Gives each chunk its radius (-1: skipped) such that the sum of (radius + 1) is that of the question. All get the same, and
 * what is left over goes to the chunks in which that adds fewest rows, judged by how many have keys like the query's.
 */
function spreadRadius(head: usize, question: usize, densities: usize, chunks: u32): void {
  const budget = <u32>(load<i32>(question, RADIUS) + 1)
  const each = budget / chunks
  let left = budget % chunks
  const descriptors = <usize>load<u32>(head, DESCRIPTORS)
  for (let j: u32 = 0; j < chunks; j++) {
    store<i32>(question + (<usize>j << 2), <i32>each - 1, RADII)
    if (left === 0) continue
    const chunk = descriptors + <usize>j * DESCRIPTOR_BYTES
    const block = load<u32>(chunk, BLOCK_MASK)
    const key = keyOf(question + QUERY, chunk)
    const offsets = <usize>load<u32>(chunk, OFFSETS)
    const from = load<u32>(offsets + (<usize>(key & ~block) << 2))
    const near = load<u32>(offsets + (<usize>((key | block) + 1) << 2)) - from
    // One more than there are: among empty blocks too the chunk with fewer keys to visit is taken.
    store<f32>(densities + (<usize>j << 2), <f32>(near + 1) * load<f32>(chunk, CROWDING_WEIGHT))
  }
  for (; left > 0; left--) {
    let best: u32 = 0
    let least: f32 = Infinity
    for (let j: u32 = 0; j < chunks; j++) {
      const density = load<f32>(densities + (<usize>j << 2))
      if (density >= least) continue
      least = density
      best = j
    }
    store<i32>(question + (<usize>best << 2), <i32>each, RADII)
    store<f32>(densities + (<usize>best << 2), Infinity)
  }
}

/** Lists (first entry, end) of the buckets of a chunk that are to be visited and not empty. Returns the end of the list. */
function listBuckets(question: usize, chunk: usize, j: u32, list: usize): usize {
  const radius = load<i32>(question + (<usize>j << 2), RADII)
  if (radius < 0) return list
  const key = keyOf(question + QUERY, chunk)
  const offsets = <usize>load<u32>(chunk, OFFSETS)
  let mask = <usize>load<u32>(chunk, PROBE_MASKS)
  const stop = mask + (<usize>load<u32>(chunk + (<usize>radius << 2), PROBE_COUNTS) << 2)
  for (; mask < stop; mask += 4) {
    const bounds = load<u64>(offsets + (<usize>(key ^ load<u32>(mask)) << 2))
    store<u64>(list, bounds)
    // No branch: it would wait for memory and be guessed wrong four times in ten.
    list += <usize>(<u32>(bounds >> 32) !== <u32>bounds) << 3
  }
  return list
}

/** Reads a word of each cache line of the buckets, so that the lines arrive side by side. Returns the bytes of all buckets. */
function touchBuckets(scratch: usize, entries: usize, entryBytes: usize, list: usize, end: usize): usize {
  let sink: u32 = 0
  let bytes: usize = 0
  for (; list < end; list += 8) {
    let at = entries + <usize>load<u32>(list) * entryBytes
    let stop = entries + <usize>load<u32>(list, 4) * entryBytes
    bytes += stop - at
    stop = min(stop, at + TOUCHED_BYTES)
    do {
      sink ^= load<u32>(at)
      at += 64
    } while (at < stop)
    sink ^= load<u32>(stop - 4)
  }
  store<u32>(scratch, sink, SINK)
  return bytes
}

function scanSketches(
  head: usize,
  scratch: usize,
  chunk: usize,
  j: u32,
  asked: u32,
  list: usize,
  end: usize,
  hits: i32,
): i32 {
  const question = questionOf(scratch, asked)
  const radius = load<u32>(question, RADIUS)
  const entries = <usize>load<u32>(chunk, SKETCHES)
  const lower = <usize>load<u32>(chunk, SKETCH_BYTE)
  const a = load<u64>(question + QUERY + lower)
  const b = load<u32>(question + QUERY + ((lower + 8) & 31))
  for (; list < end; list += 8) {
    let at = entries + <usize>load<u32>(list) * SKETCH_BYTES
    const stop = entries + <usize>load<u32>(list, 4) * SKETCH_BYTES
    do {
      if (<u32>popcnt(load<u64>(at) ^ a) + <u32>popcnt(load<u32>(at, 8) ^ b) <= radius) {
        const entry = <u32>(at - entries) / <u32>SKETCH_BYTES
        const row = load<u32>(<usize>load<u32>(chunk, ENTRY_ROWS) + (<usize>entry << 2))
        hits = considerRow(head, scratch, j, asked, row, hits)
        if (hits < 0) return hits
      }
      at += SKETCH_BYTES
    } while (at < stop)
  }
  return hits
}

function scanLean(
  head: usize,
  scratch: usize,
  chunk: usize,
  j: u32,
  asked: u32,
  list: usize,
  end: usize,
  hits: i32,
): i32 {
  const question = questionOf(scratch, asked)
  const radius = load<u32>(question, RADIUS)
  const entries = <usize>load<u32>(chunk, ENTRY_ROWS)
  const rows = <usize>load<u32>(head, ROWS)
  let sink: u32 = 0
  for (let visit = list; visit < end; visit += 8) {
    let at = entries + (<usize>load<u32>(visit) << 2)
    const stop = min(entries + (<usize>load<u32>(visit, 4) << 2), at + (TOUCHED_ROWS << 2))
    do {
      sink ^= load<u32>(rows + (<usize>load<u32>(at) << 5))
      at += 4
    } while (at < stop)
  }
  store<u32>(scratch, sink, SINK)
  const a = load<u64>(question, QUERY)
  const b = load<u64>(question, QUERY + 8)
  for (; list < end; list += 8) {
    let at = entries + (<usize>load<u32>(list) << 2)
    const stop = entries + (<usize>load<u32>(list, 4) << 2)
    do {
      const number = load<u32>(at)
      const row = rows + (<usize>number << 5)
      if (<u32>(popcnt(load<u64>(row) ^ a) + popcnt(load<u64>(row, 8) ^ b)) <= radius) {
        hits = considerRow(head, scratch, j, asked, number, hits)
        if (hits < 0) return hits
      }
      at += 4
    } while (at < stop)
  }
  return hits
}

/** Adds a row when it is a hit that no earlier chunk has found. Returns the number of hits, or -1 when the room is full. */
function considerRow(head: usize, scratch: usize, j: u32, asked: u32, number: u32, hits: i32): i32 {
  const question = questionOf(scratch, asked)
  const row = <usize>load<u32>(head, ROWS) + (<usize>number << 5)
  const apart = distance(row, question + QUERY)
  if (apart > load<u32>(question, RADIUS) || isRemoved(head, number)) return hits
  const descriptors = <usize>load<u32>(head, DESCRIPTORS)
  for (let earlier: u32 = 0; earlier < j; earlier++) {
    const chunk = descriptors + <usize>earlier * DESCRIPTOR_BYTES
    const differing = <i32>popcnt(keyOf(row, chunk) ^ keyOf(question + QUERY, chunk))
    if (differing <= load<i32>(question + (<usize>earlier << 2), RADII)) return hits
  }
  if (<u32>hits >= MAX_HITS) return -1
  return <i32>addHit(head, scratch, <u32>hits, number, (asked << DISTANCE_BITS) | apart)
}

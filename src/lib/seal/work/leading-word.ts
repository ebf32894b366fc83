// SHA-256 (FIPS 180-4) of one block, of which only the first word of the digest is computed. The search for a proof of work
// calls it some hundred thousand times on a phone, where a general program spends most of its time on everything else.

const K = roundConstants(64, 3)
const INITIAL = roundConstants(8, 2)

/** The first 32 bits, as an unsigned number, of SHA-256(nonce ‖ counter as 32 bits, big-endian), for a nonce of 16 bytes. */
export type LeadingWord = (counter: number) => number

export function leadingWordOf(nonce: Uint8Array): LeadingWord {
  const view = new DataView(nonce.buffer, nonce.byteOffset, 16)
  const w = new Int32Array(64)
  for (let i = 0; i < 4; i++) w[i] = view.getUint32(4 * i)
  w[5] = 0x80000000 // end of the message
  w[15] = 160 // its bits
  return (counter) => {
    w[4] = counter
    expand(w)
    return compressed(w)
  }
}

function expand(w: Int32Array): void {
  for (let i = 16; i < 64; i++) {
    const x = at(w, i - 15)
    const y = at(w, i - 2)
    const s0 = rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3)
    const s1 = rotate(y, 17) ^ rotate(y, 19) ^ (y >>> 10)
    w[i] = (at(w, i - 16) + s0 + at(w, i - 7) + s1) | 0
  }
}

function compressed(w: Int32Array): number {
  let a = at(INITIAL, 0)
  let b = at(INITIAL, 1)
  let c = at(INITIAL, 2)
  let d = at(INITIAL, 3)
  let e = at(INITIAL, 4)
  let f = at(INITIAL, 5)
  let g = at(INITIAL, 6)
  let h = at(INITIAL, 7)
  for (let i = 0; i < 64; i++) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + at(K, i) + at(w, i)) | 0
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g
    g = f
    f = e
    e = (d + t1) | 0
    d = c
    c = b
    b = a
    a = (t1 + t2) | 0
  }
  return (at(INITIAL, 0) + a) >>> 0
}

function rotate(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits))
}

function at(words: Int32Array, i: number): number {
  return words[i] ?? 0
}

/** The first 32 bits of the fractional parts of square (2) or cube (3) roots of the first primes (FIPS 180-4, 4.2.2, 5.3.3). */
function roundConstants(count: number, root: 2 | 3): Int32Array {
  const words = new Int32Array(count)
  let found = 0
  for (let candidate = 2; found < count; candidate++) {
    if (!isPrime(candidate)) continue
    words[found++] = fractionBits(candidate, root)
  }
  return words
}

/** Whole numbers only: the largest x with x^root <= prime * 2^(32 root), of which the low 32 bits are the fraction. */
function fractionBits(prime: number, root: 2 | 3): number {
  const target = BigInt(prime) << BigInt(32 * root)
  let low = 0n
  let high = 1n << 40n
  while (high - low > 1n) {
    const middle = (low + high) >> 1n
    if (middle ** BigInt(root) <= target) low = middle
    else high = middle
  }
  return Number(BigInt.asIntN(32, low))
}

function isPrime(candidate: number): boolean {
  for (let divisor = 2; divisor * divisor <= candidate; divisor++) if (candidate % divisor === 0) return false
  return true
}

const encoder = new TextEncoder()
const BEYOND = /[\ud800-\uffff]/

/** UTF-8 bytes of text; a lone surrogate becomes U+FFFD. */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text)
}

/** -1, 0 or 1: the order of the UTF-8 bytes, which is the order of `LC_ALL=C sort`. */
export function compareBytes(a: string, b: string): number {
  // Below the surrogates the order of UTF-16 units is the same; almost every path is there, and there may be thousands.
  if (!BEYOND.test(a) && !BEYOND.test(b)) return a < b ? -1 : a > b ? 1 : 0
  const x = utf8(a)
  const y = utf8(b)
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    const difference = (x[i] ?? 0) - (y[i] ?? 0)
    if (difference !== 0) return difference < 0 ? -1 : 1
  }
  return Math.sign(x.length - y.length)
}

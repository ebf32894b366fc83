/**
 * True when both hold the same bytes. The time taken depends on the lengths only, not on where they differ, as far as
 * a JavaScript engine lets one promise that.
 */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0)
  return difference === 0
}

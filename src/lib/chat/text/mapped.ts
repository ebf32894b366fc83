/**
 * A rewritten text that knows where it came from. `map[i]` is the UTF-16 offset, in the text it was made from, of unit
 * `i` of `text`; one more entry stands for the end. `null` means that nothing moved, so nothing had to be stored.
 */
export interface Mapped {
  readonly text: string
  readonly map: Uint32Array | null
}

export interface TextRange {
  start: number
  end: number
}

const FORMAT_MARK = /^\p{Cf}$/u

/** Chains two rewritings: `outer` was made from `inner.text`; the result points to what `inner` was made from. */
export function composeMaps(inner: Mapped, outer: Mapped): Mapped {
  if (outer.map === null) return { text: outer.text, map: inner.map }
  if (inner.map === null) return outer
  const map = new Uint32Array(outer.map.length)
  for (let i = 0; i < map.length; i++) map[i] = inner.map[outer.map[i] ?? 0] ?? 0
  return { text: outer.text, map }
}

/**
 * Where units `start`..`end` (exclusive) of a rewritten text lie in `original`. A unit that shares its origin with
 * others takes the whole origin with it; invisible format marks after the last unit are left out.
 */
export function originalRange(original: string, mapped: Mapped, start: number, end: number): TextRange {
  const { map, text } = mapped
  if (map === null) return { start, end }
  const from = map[start] ?? original.length
  let last = end
  while (last < text.length && map[last] === map[end - 1]) last++
  let to = map[last] ?? original.length
  while (to > from + 1 && FORMAT_MARK.test(original.charAt(to - 1))) to--
  return { start: from, end: to }
}

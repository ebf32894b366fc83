import type { Mapped } from './mapped.ts'

/** Any sign that a link was written so that programs do not see it. */
const DEFANGED =
  /\bhxxp|[[({] {0,2}(?:\.|:|:\/\/|\/|@|dot|titik|at)(?: {0,2}[\])}])| {0,1}[[({] {0,2}(?:dot|titik|at) {0,2}[\])}]/i
const REPLACED =
  /\bhxxp(?=s?(?::|\[:))|(?: ?[[({] {0,2}(?:dot|titik|at) {0,2}[\])}] ?)|(?:[[({] {0,2}(?:\.|:\/\/|:|\/|@) {0,2}[\])}])/gi

/**
 * Undoes the usual disguises of links and mail addresses: `hxxp`, `t(.)me`, `[dot]`, `(titik)`, `[:]//`, `[at]`.
 * Offsets lead back to `text`. Linear.
 */
export function refang(text: string): Mapped {
  if (!DEFANGED.test(text)) return { text, map: null }
  const offsets: number[] = []
  let out = ''
  let at = 0
  const copy = (end: number): void => {
    for (let i = at; i < end; i++) offsets.push(i)
    out += text.slice(at, end)
  }
  for (const match of text.matchAll(REPLACED)) {
    copy(match.index)
    const plain = plainForm(match[0])
    for (let i = 0; i < plain.length; i++)
      offsets.push(plain.length === match[0].length ? match.index + i : match.index)
    out += plain
    at = match.index + match[0].length
  }
  copy(text.length)
  offsets.push(text.length)
  return { text: out, map: Uint32Array.from(offsets) }
}

function plainForm(disguised: string): string {
  const inner = disguised.replace(/[[\](){} ]/g, '').toLowerCase()
  if (inner === 'hxxp') return 'http'
  if (inner === 'dot' || inner === 'titik') return '.'
  return inner === 'at' ? '@' : inner
}

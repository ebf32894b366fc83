import type { ReportedMatch } from '#contract/scan-report.ts'
import { copyPlace, type Rectangle } from './copy-place.ts'
import { escapeHtml } from './html.ts'

/** What a drawing is made from. `frame`: sides of the copy, of which only the proportion is used. */
export type DrawnCopy = Pick<ReportedMatch, 'rule' | 'copy' | 'where' | 'frame'>

/** Words of a drawing. `key` makes its ids: ASCII letters and digits, one for each drawing of a page. */
export interface DrawingLabel {
  key: string
  title: string
  description: string
}

interface Box {
  left: number
  top: number
  right: number
  bottom: number
}

const SIZE = 84
const PADDING = 3
const MOST_PROPORTION = 8
/** How far beyond the frame the picture is drawn, in sides of the frame: the rest is left open. */
const REACH = 0.6
/** The border of a copy is known to be there, not how wide it is. */
const SOME_BORDER: Rectangle = { left: 0.12, top: 0.12, width: 0.76, height: 0.76 }
const WHOLE: Rectangle = { left: 0, top: 0, width: 1, height: 1 }

/**
 * A drawing of the copy's frame and of the registered picture in it, as inline SVG of under a kilobyte: no image bytes, no
 * script, no colours of its own (see the report's style). Null where nothing is known that could be drawn.
 */
export function copyDrawing(match: DrawnCopy, { key, title, description }: DrawingLabel): string | null {
  const shown = shownPart(match)
  if (!shown) return null
  const { rectangle, isCut } = shown
  const proportion = proportionOf(match.frame) ?? 1
  const place = drawn(rectangle, proportion)
  const frame: Box = { left: 0, top: 0, right: proportion, bottom: 1 }
  const onPaper = paperOf(around(frame, place.box))
  const outer = onPaper(frame)
  const seen = onPaper(overlap(frame, place.box))
  const parts = [
    `<title id="${key}t">${escapeHtml(title)}</title><desc id="${key}d">${escapeHtml(description)}</desc>`,
    rect('frame', outer),
    rect('seen', seen),
    rect('edge', outer),
    isCut ? `<path class="cut" d="${outline(onPaper(place.box), place.open)}"/>` : '',
    lieMark(match.copy, seen),
  ]
  return `<svg class="drawing" role="img" aria-labelledby="${key}t" aria-describedby="${key}d" width="${SIZE}" height="${SIZE}" viewBox="0 0 ${SIZE} ${SIZE}">${parts.join('')}</svg>`
}

/** Whether the drawing keeps the proportion of the copy. */
export function isToScale({ frame }: DrawnCopy): boolean {
  return proportionOf(frame) !== null
}

/** Width by height, or null where it is not known or so extreme that a drawing would be a line. */
function proportionOf(frame: DrawnCopy['frame']): number | null {
  if (!frame || !(frame.width > 0) || !(frame.height > 0)) return null
  const proportion = frame.width / frame.height
  return proportion <= MOST_PROPORTION && proportion >= 1 / MOST_PROPORTION ? proportion : null
}

/** Where the registered picture is drawn, and whether a part of it is missing. A small overhang is no cut: places are not that exact. */
function shownPart({ rule, copy, where }: DrawnCopy): { rectangle: Rectangle; isCut: boolean } | null {
  if (rule !== 'windows') return { rectangle: copy.hasBorder ? SOME_BORDER : WHOLE, isCut: false }
  const place = copyPlace(where)
  return place && { rectangle: place.rectangle, isCut: place.cutSides.length > 0 }
}

/** The registered picture in units of the frame's height, cut where it would reach too far; `open` are the cut sides. */
function drawn(rectangle: Rectangle, proportion: number): { box: Box; open: Set<keyof Box> } {
  const { left, top, width, height } = rectangle
  const exact: Box = { left, top, right: left + width, bottom: top + height }
  const box: Box = {
    left: Math.max(-REACH, exact.left) * proportion,
    top: Math.max(-REACH, exact.top),
    right: Math.min(1 + REACH, exact.right) * proportion,
    bottom: Math.min(1 + REACH, exact.bottom),
  }
  const open = new Set<keyof Box>()
  if (exact.left < -REACH) open.add('left')
  if (exact.top < -REACH) open.add('top')
  if (exact.right > 1 + REACH) open.add('right')
  if (exact.bottom > 1 + REACH) open.add('bottom')
  return { box, open }
}

function around(a: Box, b: Box): Box {
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  }
}

function overlap(a: Box, b: Box): Box {
  return {
    left: Math.max(a.left, b.left),
    top: Math.max(a.top, b.top),
    right: Math.min(a.right, b.right),
    bottom: Math.min(a.bottom, b.bottom),
  }
}

/** From the units of `all` to those of the drawing, with `all` in its middle. */
function paperOf(all: Box): (box: Box) => Box {
  const width = all.right - all.left
  const height = all.bottom - all.top
  const scale = (SIZE - 2 * PADDING) / Math.max(width, height)
  const x = (value: number): number => SIZE / 2 + scale * (value - all.left - width / 2)
  const y = (value: number): number => SIZE / 2 + scale * (value - all.top - height / 2)
  return ({ left, top, right, bottom }) => ({
    left: x(left),
    top: y(top),
    right: x(right),
    bottom: y(bottom),
  })
}

function rect(name: string, { left, top, right, bottom }: Box): string {
  return `<rect class="${name}" x="${n(left)}" y="${n(top)}" width="${n(right - left)}" height="${n(bottom - top)}"/>`
}

function outline({ left, top, right, bottom }: Box, open: ReadonlySet<keyof Box>): string {
  const across = (side: 'top' | 'bottom', y: number) =>
    open.has(side) ? '' : `M${n(left)} ${n(y)}H${n(right)}`
  const down = (side: 'left' | 'right', x: number) =>
    open.has(side) ? '' : `M${n(x)} ${n(top)}V${n(bottom)}`
  return [across('top', top), down('right', right), across('bottom', bottom), down('left', left)].join('')
}

/** An arrow to where the top of the registered picture has gone; two triangles, one filled, where left and right are exchanged. */
function lieMark(
  { isMirrored, turnedDegrees }: DrawnCopy['copy'],
  { left, top, right, bottom }: Box,
): string {
  if (!isMirrored && turnedDegrees === 0) return ''
  const s = Math.min(20, Math.max(7, 0.34 * Math.min(right - left, bottom - top)))
  const head =
    turnedDegrees === 0 ? '' : `M${n(-0.4 * s)} ${n(-0.6 * s)}L0 ${n(-s)}L${n(0.4 * s)} ${n(-0.6 * s)}`
  const axis = `<path class="axis" d="M0 ${n(s)}V${n(-s)}${head}"/>`
  const side = (sign: 1 | -1) => {
    const [near, far] = [n(sign * 0.35 * s), n(sign * 1.15 * s)]
    return `M${near} ${n(-0.35 * s)}V${n(0.8 * s)}H${far}Z`
  }
  const triangles = isMirrored ? `<path class="was" d="${side(-1)}"/><path class="is" d="${side(1)}"/>` : ''
  const place = `translate(${n((left + right) / 2)} ${n((top + bottom) / 2)})`
  const turn = [90, 180, 270].includes(turnedDegrees) ? ` rotate(${turnedDegrees})` : ''
  return `<g transform="${place}${turn}">${axis}${triangles}</g>`
}

/** A tenth of a pixel is enough, and never in a form that is no number in SVG. */
function n(value: number): string {
  const text = value.toFixed(1).replace(/\.0$/, '')
  return text === '-0' ? '0' : text
}

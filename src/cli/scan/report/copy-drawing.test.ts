import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { copyDrawing, type DrawnCopy, isToScale } from './copy-drawing.ts'

const UPRIGHT = { isSameFile: false, isMirrored: false, turnedDegrees: 0, hasBorder: false } as const
const LABEL = { key: 'c0r0', title: 'T', description: 'D' }
const SQUARE = { width: 500, height: 500 }

const byWindows = (facts: Partial<DrawnCopy>): DrawnCopy => ({
  rule: 'windows',
  copy: UPRIGHT,
  where: { left: 0.25, top: 0.5, width: 0.5, height: 0.25 },
  frame: SQUARE,
  ...facts,
})

/** Numbers of the first rectangle of that class. */
function rect(svg: string | null, name: string): { x: number; y: number; width: number; height: number } {
  const [, x, y, width, height] =
    svg?.match(
      new RegExp(`<rect class="${name}" x="([^"]*)" y="([^"]*)" width="([^"]*)" height="([^"]*)"/>`),
    ) ?? []
  return { x: Number(x), y: Number(y), width: Number(width), height: Number(height) }
}

const drawn = (match: DrawnCopy): string => copyDrawing(match, LABEL) ?? ''

describe('the drawing of a copy', () => {
  it('has a name and a description that are its own', () => {
    const svg = drawn(byWindows({}))
    expect(svg).toMatch(/^<svg class="drawing" role="img" aria-labelledby="c0r0t" aria-describedby="c0r0d" /)
    expect(svg).toContain('<title id="c0r0t">T</title><desc id="c0r0d">D</desc>')
  })

  it('keeps the proportion of the frame', () => {
    const { width, height } = rect(drawn(byWindows({ frame: { width: 1080, height: 2160 } })), 'edge')
    expect([width, height]).toEqual([39, 78])
    const landscape = rect(drawn(byWindows({ frame: { width: 1600, height: 800 } })), 'edge')
    expect([landscape.width, landscape.height]).toEqual([78, 39])
  })

  it('shows the picture where it lies in the frame', () => {
    const svg = drawn(byWindows({}))
    expect(rect(svg, 'edge')).toEqual({ x: 3, y: 3, width: 78, height: 78 })
    expect(rect(svg, 'seen')).toEqual({ x: 22.5, y: 42, width: 39, height: 19.5 })
    expect(svg).not.toContain('class="cut"')
  })

  it('shows what was cut off beyond the frame, which then takes less room', () => {
    const svg = drawn(byWindows({ where: { left: 0, top: 0, width: 1.5, height: 1 } }))
    expect(rect(svg, 'edge')).toEqual({ x: 3, y: 16, width: 52, height: 52 })
    expect(rect(svg, 'seen')).toEqual(rect(svg, 'edge'))
    expect(svg).toContain('<path class="cut" d="M3 16H81M81 16V68M3 68H81M3 16V68"/>')
  })

  it('leaves open what would reach too far, and shows no cut where the overhang may be none', () => {
    const far = drawn(byWindows({ where: { left: 0, top: 0, width: 5, height: 1 } }))
    expect(far).toMatch(/<path class="cut" d="M3 [\d.]+H81M3 [\d.]+H81M3 [\d.]+V[\d.]+"\/>/)
    expect(drawn(byWindows({ where: { left: 0, top: 0, width: 1.02, height: 1 } }))).not.toContain('"cut"')
  })

  it('marks mirrored and turned copies, each in its own way, and no others', () => {
    const marks = ([0, 90, 180, 270] as const).flatMap((turnedDegrees) =>
      [false, true].map((isMirrored) => {
        const svg = drawn(byWindows({ copy: { ...UPRIGHT, isMirrored, turnedDegrees } }))
        return svg.slice(svg.indexOf('<g '))
      }),
    )
    expect(marks[0]).not.toContain('<g ')
    expect(new Set(marks).size).toBe(8)
    expect(marks.map((mark) => mark.includes('class="is"'))).toEqual(marks.map((_, i) => i % 2 === 1))
    expect(marks.map((mark) => mark.match(/rotate\((\d+)\)/)?.[1])).toEqual([
      undefined,
      undefined,
      '90',
      '90',
      '180',
      '180',
      '270',
      '270',
    ])
  })

  it('shows a whole picture as filling the frame, and some border where there is one', () => {
    const whole: DrawnCopy = { rule: 'whole-frame', copy: UPRIGHT }
    expect(rect(drawn(whole), 'seen')).toEqual({ x: 3, y: 3, width: 78, height: 78 })
    const bordered = rect(drawn({ ...whole, copy: { ...UPRIGHT, hasBorder: true } }), 'seen')
    expect(bordered.width).toBeLessThan(78)
    expect([isToScale(whole), isToScale(byWindows({}))]).toEqual([false, true])
  })

  it('is not to scale where the frame is unknown, impossible or a line', () => {
    const frames = [
      undefined,
      { width: 0, height: 5 },
      { width: Number.NaN, height: 5 },
      { width: 1, height: 9 },
    ]
    for (const frame of frames) {
      expect(isToScale(byWindows({ frame }))).toBe(false)
      expect(rect(drawn(byWindows({ frame })), 'edge')).toMatchObject({ width: 78, height: 78 })
    }
  })

  it('is left out where parts matched in no known place', () => {
    expect(copyDrawing(byWindows({ where: undefined }), LABEL)).toBeNull()
    expect(copyDrawing(byWindows({ where: { left: 9, top: 0, width: 1, height: 1 } }), LABEL)).toBeNull()
  })

  it('cannot be broken out of by its words', () => {
    const words = '</title></svg><script>alert(1)</script>"'
    const svg = copyDrawing(byWindows({}), { key: 'c1', title: words, description: words })
    expect(svg).not.toMatch(/<script|<\/svg>./)
  })

  it('is small, within its edges and of plain numbers, whatever the numbers of a report', () => {
    const number = fc.oneof(
      fc.double(),
      fc.double({ min: -2, max: 3, noNaN: true }),
      fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -1e300, 1e300, 1e-300, -0),
    )
    const match = fc.record({
      rule: fc.constantFrom('windows', 'whole-frame', 'exact-file'),
      copy: fc.record({
        isSameFile: fc.boolean(),
        isMirrored: fc.boolean(),
        turnedDegrees: fc.constantFrom(0, 90, 180, 270),
        hasBorder: fc.boolean(),
      }),
      where: fc.option(fc.record({ left: number, top: number, width: number, height: number }), {
        nil: undefined,
      }),
      frame: fc.option(fc.record({ width: number, height: number }), { nil: undefined }),
    })
    let drawings = 0
    fc.assert(
      fc.property(match, (hostile) => {
        const svg = copyDrawing(hostile as DrawnCopy, LABEL)
        if (svg === null) return
        drawings++
        expect(svg.length).toBeLessThan(1000)
        expect(svg).not.toMatch(/NaN|Infinity|\de[+-]?\d|undefined|"-\d/)
        for (const name of ['frame', 'seen', 'edge']) {
          const { x, y, width, height } = rect(svg, name)
          expect(Math.min(x, y)).toBeGreaterThanOrEqual(2.9)
          expect(Math.max(x + width, y + height)).toBeLessThanOrEqual(81.2)
          expect(Math.min(width, height)).toBeGreaterThanOrEqual(0)
        }
        const edge = rect(svg, 'edge')
        expect(Math.max(edge.width, edge.height)).toBeGreaterThan(35)
        for (const [, at] of svg.matchAll(/class="cut" d="([^"]*)"/g))
          for (const [value] of (at ?? '').matchAll(/-?[\d.]+/g)) {
            expect(Number(value)).toBeGreaterThanOrEqual(2.9)
            expect(Number(value)).toBeLessThanOrEqual(81.1)
          }
      }),
      { numRuns: 1000 },
    )
    expect(drawings).toBeGreaterThan(300)
  })
})

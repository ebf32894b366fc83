import { expect, it } from 'vitest'
import { drawScene, resizeByArea } from '../../scenes/index.ts'
import { fingerprint } from '../fingerprint.ts'
import { distance } from '../hash.ts'
import type { Pixels } from '../pixels.ts'
import { crop } from '../pixels.ts'
import { cropRect } from '../variants.ts'
import { partnerPrints } from './partner-prints.ts'
import { draw } from './vectors/pictures.ts'

const SCENE = drawScene(61, { width: 800, height: 600 })

it('gives as many rows as the level says, with ids of their own', async () => {
  for (const [level, count] of [
    ['P8', 8],
    ['P33', 33],
    ['P64', 64],
  ] as const) {
    const rows = await partnerPrints(SCENE, level)
    expect(rows).toHaveLength(count)
    expect(new Set(rows.map(({ id }) => id)).size).toBe(count)
    expect(rows.every(({ fingerprint: print }) => print.usable && print.quality >= 50)).toBe(true)
  }
})

it('holds the rows of a level in the next one', async () => {
  const [p33, p64] = [await partnerPrints(SCENE, 'P33'), await partnerPrints(SCENE, 'P64')]
  const ids = new Set(p64.map(({ id }) => id))
  expect(p33.every(({ id }) => ids.has(id))).toBe(true)
})

it('finds the copy that each kind of row stands for', async () => {
  const rows = await partnerPrints(SCENE, 'P64')
  const bordered = (top: number, bottom: number, sides: number, ink: number): Pixels => {
    const [width, height] = [800 + 2 * sides, 600 + top + bottom]
    const data = new Uint8Array(width * height * 3).fill(ink)
    for (let y = 0; y < 600; y++) {
      data.set(SCENE.data.subarray(y * 2400, (y + 1) * 2400), ((y + top) * width + sides) * 3)
    }
    return { data, width, height, format: 'rgb8' }
  }
  const cut = cropRect(800, 600, { left: 0, top: 0, right: 22, bottom: 0 })
  for (const [id, copy] of [
    ['o0', resizeByArea(SCENE, 400, 300)],
    ['c0.0.22.0', crop(SCENE, cut)],
    ['fW5', bordered(30, 30, 30, 255)],
    ['fG3', bordered(18, 18, 18, 128)],
    ['tB12', bordered(72, 0, 0, 0)],
    ['bB15', bordered(0, 90, 0, 0)],
    ['s97', crop(SCENE, { x: 109, y: 9, width: 582, height: 582 })],
  ] as const) {
    const row = rows.find((candidate) => candidate.id === id)
    const bits = row ? distance(row.fingerprint.hash, fingerprint(copy).hash) : 256
    expect(bits, id).toBeLessThanOrEqual(10)
  }
})

it('leaves out what is unusable, and can be stopped', async () => {
  expect(await partnerPrints(draw('constant', 1, 300, 200), 'P64')).toEqual([])
  expect(await partnerPrints(draw('noise', 1, 1, 300), 'P64')).toEqual([])
  await expect(partnerPrints(SCENE, 'P33', { signal: { aborted: true } })).rejects.toMatchObject({
    code: 'ABORTED',
  })
})

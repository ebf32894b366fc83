import { expect, it } from 'vitest'
import {
  crop as cutScene,
  drawScene,
  mirror,
  type Rgb8,
  resizeByArea,
  turnQuarters,
} from '../../scenes/index.ts'
import { distance, HASH_BYTES } from '../hash.ts'
import { ORIENTATIONS, type Orientation } from '../orientation.ts'
import { lumaPlaneOf } from './luma.ts'
import type { Window } from './sampler.ts'
import { typescriptWindows } from './typescript-windows.ts'
import type { OpenPicture } from './window-kernel.ts'

const SEEDS = [11, 12, 13, 14, 15, 16]
const WIDTH = 640
const HEIGHT = 480

async function openScene(pixels: Rgb8): Promise<OpenPicture> {
  return typescriptWindows.open(await lumaPlaneOf(pixels, undefined))
}

function hashOf(picture: OpenPicture, window: Window, orientation: Orientation = 'original'): Uint8Array {
  const print = picture.print(window)
  if (!print) throw new Error('the window is flat')
  const at = ORIENTATIONS.indexOf(orientation) * HASH_BYTES
  return print.hashes.slice(at, at + HASH_BYTES)
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}

const WINDOWS: Window[] = [0, 1, 2, 3].map((i) => {
  const side = 260 - 30 * i
  return { cx: 200 + 70 * i, cy: 180 + 35 * i, width: side, height: side, angle: 0 }
})

it('tolerates small shifts as much as promised', async () => {
  for (const [share, limit] of [
    [0, 0],
    [0.005, 16],
    [0.01, 30],
    [0.02, 60],
  ] as const) {
    const distances: number[] = []
    for (const seed of SEEDS) {
      const picture = await openScene(drawScene(seed, { width: WIDTH, height: HEIGHT }))
      for (const window of WINDOWS) {
        const shifted = { ...window, cx: window.cx + share * window.width }
        distances.push(distance(hashOf(picture, window), hashOf(picture, shifted)))
      }
    }
    expect(median(distances), `${share}`).toBeLessThanOrEqual(limit)
    if (share === 0.02) expect(median(distances)).toBeGreaterThan(8)
  }
})

it('gives the window of a turned or mirrored picture the print of that orientation', async () => {
  for (const seed of SEEDS) {
    const scene = drawScene(seed, { width: WIDTH, height: HEIGHT })
    const picture = await openScene(scene)
    const window = { cx: 250, cy: 190, width: 240, height: 240, angle: 0 }
    const copies: [Orientation, Rgb8, number, number][] = [
      ['flipY', mirror(scene), WIDTH - 250, 190],
      ['rotate180', turnQuarters(scene, 2), WIDTH - 250, HEIGHT - 190],
      ['rotate270', turnQuarters(scene, 1), HEIGHT - 190, 250],
      ['rotate90', turnQuarters(scene, 3), 190, WIDTH - 250],
      ['flipX', mirror(turnQuarters(scene, 2)), 250, HEIGHT - 190],
      ['flipPlus1', mirror(turnQuarters(scene, 1)), 190, 250],
      ['flipMinus1', mirror(turnQuarters(scene, 3)), HEIGHT - 190, WIDTH - 250],
    ]
    for (const [orientation, copy, cx, cy] of copies) {
      const turned = hashOf(await openScene(copy), { ...window, cx, cy })
      expect(distance(turned, hashOf(picture, window, orientation)), orientation).toBeLessThanOrEqual(14)
    }
  }
})

it('finds the same anchors in a cut and smaller copy', async () => {
  let expected = 0
  let found = 0
  for (const seed of SEEDS) {
    const scene = drawScene(seed)
    const [left, top, width, height] = [128, 96, 1024, 768]
    const copy = resizeByArea(cutScene(scene, { left, top, width, height }), 717, 538)
    const [original, smaller] = [await openScene(scene), await openScene(copy)]
    const [across, down] = [717 / width, 538 / height]
    for (const side of [500, 420, 350]) {
      const sought = smaller.anchors(side * across, { x: 0, y: 0, width: 717, height: 538 }, [36, 20])
      for (const { cx, cy } of original.anchors(side, { x: 0, y: 0, width: 1280, height: 960 }, [16, 8])) {
        const [x, y] = [(cx - left) * across, (cy - top) * down]
        const margin = (side * across) / 2
        if (x < margin || x > 717 - margin || y < margin || y > 538 - margin) continue
        expected++
        if (sought.some((anchor) => Math.hypot(anchor.cx - x, anchor.cy - y) <= 0.015 * side * across))
          found++
      }
    }
  }
  expect(expected).toBeGreaterThan(50)
  expect(found / expected).toBeGreaterThanOrEqual(0.5)
})

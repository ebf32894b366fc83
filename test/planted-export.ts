import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type GenerateOptions,
  generateExport,
  originalPicture,
  type Plant,
  type Truth,
} from '#cli/generate/index.ts'
import { saksi } from './run-saksi.ts'

const SIZE = { longSide: 640, shortSide: 480 }

export const PLANTS: readonly Plant[] = [
  { entry: 'P-1', scene: 100, edits: ['exact', 'recompressed', 'mirrored'], forwardedFrom: 'Kumpulan Lain' },
  { entry: 'P-2', scene: 204, edits: ['resized', 'turned-90', 'bordered'] },
  { entry: 'P-3', scene: 308, edits: ['turned-180', 'turned-270', 'cropped-heavy', 'screenshot'] },
  { entry: 'P-4', scene: 412, edits: ['recompressed'], state: 'missing' },
  { entry: 'P-4', scene: 412, edits: ['recompressed'], state: 'not-included' },
  { entry: 'P-4', scene: 412, edits: ['recompressed'], state: 'damaged' },
]

/** What a small group's export looks like that holds everything there is to find, and to stumble over. */
export const EVERYTHING: Omit<GenerateOptions, 'dir'> = {
  messages: 160,
  pictures: 44,
  seed: 'scan-test',
  plant: PLANTS,
  identifiers: 36,
  events: [{ type: 'invite', linkSeed: 'scan-test' }],
  faults: { ctrl: 2, ls: 2, missing: 2, 'not-included': 1, 'truncated-jpeg': 1 },
  pictureSize: SIZE,
}

export interface Planted {
  exportPath: string
  bankPath: string
  truth: Truth
}

/** Writes an export and a bank of the pictures planted in it, and of P-5, which is nowhere. */
export async function plantExport(folder: string, options = EVERYTHING): Promise<Planted> {
  const exportPath = join(folder, 'export')
  const { truth } = await generateExport({ dir: exportPath, ...options })
  const bankPath = join(folder, 'test.bank')
  await registerScenes(bankPath, folder, [
    ['P-1', 100],
    ['P-2', 204],
    ['P-3', 308],
    ['P-4', 412],
    ['P-5', 516],
  ])
  return { exportPath, bankPath, truth }
}

export async function registerScenes(
  bankPath: string,
  folder: string,
  scenes: readonly (readonly [entry: string, scene: number])[],
): Promise<void> {
  const originals = join(folder, 'originals')
  mkdirSync(originals, { recursive: true })
  for (const [entry, scene] of scenes) {
    const path = join(originals, `${scene}.jpg`)
    writeFileSync(path, await jpegOf(scene))
    const { code, stderr } = await saksi(['bank', 'add', bankPath, '--entry', entry, path])
    if (code !== 0) throw new Error(`bank add ended with ${code}: ${stderr}`)
  }
}

export async function jpegOf(scene: number): Promise<Uint8Array> {
  return (await originalPicture(scene, SIZE)).bytes
}

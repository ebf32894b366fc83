import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { drawScene, type Rgb8 } from '#lib/scenes/index.ts'
import { toPixels } from './raster.ts'

/** A picture that copies are made of: a file of one's own, or a drawn scene. */
export type PictureSource =
  | { readonly kind: 'file'; readonly path: string; readonly seed: number }
  | { readonly kind: 'scene'; readonly seed: number }

/** `a` for choosing parameters, `b` held out: by the parity of the file's SHA-256. */
export type Half = 'a' | 'b'

const LONGEST_SIDE = 1280
const IS_PICTURE = /\.(jpe?g|png|webp|tiff?|avif)$/i

/** The pictures in a folder, or in one half of them, in the order of their digests. */
export async function picturesIn(folder: string, half: Half | undefined): Promise<PictureSource[]> {
  const names = (await readdir(folder)).filter((name) => IS_PICTURE.test(name))
  const hashed = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name)
      return {
        path,
        sha256: createHash('sha256')
          .update(await readFile(path))
          .digest('hex'),
      }
    }),
  )
  return hashed
    .filter(({ sha256 }) => half === undefined || halfOf(sha256) === half)
    .sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1))
    .map(({ path, sha256 }) => ({ kind: 'file', path, seed: Number.parseInt(sha256.slice(0, 10), 16) }))
}

export function drawnScenes(count: number, half: Half | undefined): PictureSource[] {
  const first = half === 'b' ? 500_001 : 1
  return Array.from({ length: count }, (_, n) => ({ kind: 'scene', seed: first + n }))
}

/** Upright, transparency on white, longest side at most 1280. */
export function loadPicture(source: PictureSource): Promise<Rgb8> {
  if (source.kind === 'scene') return Promise.resolve(drawScene(source.seed))
  return toPixels(
    sharp(source.path)
      .rotate()
      .resize(LONGEST_SIDE, LONGEST_SIDE, { fit: 'inside', withoutEnlargement: true }),
  )
}

function halfOf(sha256: string): Half {
  return Number.parseInt(sha256.slice(-1), 16) % 2 === 0 ? 'a' : 'b'
}

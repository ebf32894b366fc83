import sharp from 'sharp'
import { drawScene, type Rgb8 } from '#lib/scenes/index.ts'
import { applyEdit, type EditKind, ORIGINAL_QUALITY } from './edit-kinds.ts'
import { randomFor } from './streams.ts'

// Every picture is encoded once: a cache of operations would only hold memory.
sharp.cache(false)

/** How scenes are drawn in an export: every fourth stands upright. Pixels. */
export interface PictureSize {
  longSide: number
  shortSide: number
}

export interface JpegPicture {
  bytes: Uint8Array
  width: number
  height: number
}

interface Frame {
  width: number
  height: number
}

/** JPEG quality of unrelated pictures. */
const USUAL_QUALITY = 80

/**
 * The picture as the person has it; an `exact` copy has the same bytes. Bytes depend on the JPEG encoder, that is on the
 * pinned version of sharp.
 */
export function originalPicture(scene: number, size: PictureSize): Promise<JpegPicture> {
  return toJpeg(drawScene(scene, frameOf(scene, size)), ORIGINAL_QUALITY)
}

/** A planted copy as it was posted. */
export function editedPicture(
  scene: number,
  edit: EditKind,
  seed: string,
  size: PictureSize,
): Promise<JpegPicture> {
  const pixels = drawScene(scene, frameOf(scene, size))
  const edited = applyEdit(edit, pixels, randomFor(seed, `/edits/${scene}/${edit}`))
  return toJpeg(edited.pixels, edited.quality)
}

/**
 * A picture of nobody. There may be tens of thousands of them, so they are drawn at half the size, which takes a quarter
 * of the time, and the encoder's threads double every pixel (its smooth kernels cost more than drawing at full size).
 */
export function unrelatedPicture(scene: number, size: PictureSize): Promise<JpegPicture> {
  const frame = frameOf(scene, size)
  const half = { width: Math.ceil(frame.width / 2), height: Math.ceil(frame.height / 2) }
  return toJpeg(drawScene(scene, half), USUAL_QUALITY, frame)
}

function frameOf(scene: number, { longSide, shortSide }: PictureSize): Frame {
  return scene % 4 === 3 ? { width: shortSide, height: longSide } : { width: longSide, height: shortSide }
}

async function toJpeg(pixels: Rgb8, quality: number, enlarged: Frame | null = null): Promise<JpegPicture> {
  const { data, width, height } = pixels
  const image = sharp(data, { raw: { width, height, channels: 3 } })
  if (enlarged) image.resize({ ...enlarged, fit: 'fill', kernel: 'nearest' })
  const bytes = await image.jpeg({ quality }).toBuffer()
  return { bytes, ...(enlarged ?? { width, height }) }
}

/** Makes pictures in order, a few ahead: one is drawn while others are being compressed. */
export class PictureFeed {
  private readonly ahead: Promise<JpegPicture>[] = []
  private started = 0
  private readonly count: number
  private readonly make: (index: number) => Promise<JpegPicture>

  constructor(count: number, make: (index: number) => Promise<JpegPicture>) {
    this.count = count
    this.make = make
  }

  /** The next picture; to be called `count` times. */
  async next(): Promise<JpegPicture> {
    while (this.started < this.count && this.ahead.length < 3) {
      const picture = this.make(this.started++)
      // A failure is reported when its turn comes; until then nobody listens, which would end the process.
      picture.catch(() => undefined)
      this.ahead.push(picture)
    }
    const first = this.ahead.shift()
    if (first === undefined) throw new RangeError('more pictures asked for than announced')
    return first
  }
}

import { type QueryPrint, queryPrints } from '#domain/index.ts'
import type { Pixels } from '#lib/phash/index.ts'
import {
  countPages,
  type DecodedPicture,
  type DecodeMode,
  type DecodeOptions,
  decodePicture,
} from './decode-picture.ts'
import { DecodeError } from './errors.ts'
import { filledRows } from './filled-rows.ts'
import type { WindowSighting } from './picture-job.ts'
import type { WindowSearch } from './window-search.ts'

export interface LookUp {
  /** MIME type and size of the first frame that could be read. */
  type: string
  width: number
  height: number
  prints: QueryPrint[]
  /** Damaged, or one of its frames could not be read. */
  isPartial?: true
  /** What the windows of each form found; present when there was something to search. */
  sightings?: WindowSighting[]
  hasLookedTwice?: true
  /** Time spent on prints and windows, milliseconds. */
  printMs: number
}

/** Frames after the first are an extra: they may not hold up the rest for long. */
const LATER_FRAME_SECONDS = 15
/** With more of it filled by the decoder, a frame looks like other broken ones and not like what it was. */
const MAX_UNFILLED_SHARE = 0.5

interface Frame {
  decoded: DecodedPicture
  /** Why strict decoding refused it. */
  damage: DecodeError | null
}

/**
 * The prints a file is looked up with: of every form `readForms` gives. With a `search` the windows of each are looked up
 * too. Throws as `readForms`; `PICTURE_DAMAGED` when what is left of a damaged picture gives no usable print.
 */
export async function lookUp(
  bytes: Uint8Array,
  mode: DecodeMode,
  awaitRoom: () => Promise<void>,
  search: WindowSearch | null = null,
): Promise<LookUp> {
  const prints: QueryPrint[] = []
  const sightings: WindowSighting[] = []
  const seen = { hasLookedTwice: false, printMs: 0 }
  const { shown, damage } = await readForms(bytes, { mode, awaitRoom }, async (pixels) => {
    const startedMs = performance.now()
    prints.push(...queryPrints(pixels))
    const found = await search?.lookUp(pixels)
    if (found?.sighting) sightings.push(found.sighting)
    seen.hasLookedTwice ||= found?.hasLookedTwice === true
    seen.printMs += performance.now() - startedMs
  })
  if (damage && !prints.some(({ fingerprint }) => fingerprint.usable)) throw damage
  return {
    ...shown,
    prints,
    printMs: seen.printMs,
    ...(damage !== null && { isPartial: true as const }),
    ...(search !== null && { sightings }),
    ...(seen.hasLookedTwice && { hasLookedTwice: true as const }),
  }
}

/** MIME type and size of the first frame that could be read, and why another could not. */
export interface ReadForms {
  readonly shown: Pick<DecodedPicture, 'type' | 'width' | 'height'>
  readonly damage: unknown
}

/**
 * Hands the pixels of a file to `onForm`, in each form in which somebody may see it. Programs show damaged pictures as far as
 * they go and play animations to their end, so whoever wants to slip a copy past must not gain by cutting its last bytes or
 * putting a blank frame first: a damaged picture gives what can be read, and an animation its first, middle and last frame.
 * Throws `DecodeError` as `decodePicture`.
 */
export async function readForms(
  bytes: Uint8Array,
  { mode, awaitRoom }: { readonly mode: DecodeMode; readonly awaitRoom: () => Promise<void> },
  onForm: (pixels: Pixels) => Promise<void>,
): Promise<ReadForms> {
  let shown: ReadForms['shown'] | null = null
  let damage: unknown = null
  for (const page of pagesToRead(await countPages(bytes))) {
    try {
      const frame = await readFrame(bytes, {
        mode,
        page,
        awaitRoom,
        ...(page > 0 && { timeoutSeconds: LATER_FRAME_SECONDS }),
      })
      damage ??= frame.damage
      for (const pixels of forms(frame)) await onForm(pixels)
      const { type, width, height } = frame.decoded
      shown ??= { type, width, height }
    } catch (error) {
      if (page === 0 && !isDamage(error)) throw error
      damage ??= error
    }
  }
  if (!shown) throw damage
  return { shown, damage }
}

function pagesToRead(count: number): number[] {
  return [...new Set([0, Math.floor(count / 2), count - 1])]
}

async function readFrame(bytes: Uint8Array, options: DecodeOptions): Promise<Frame> {
  try {
    return { decoded: await decodePicture(bytes, options), damage: null }
  } catch (error) {
    if (!isDamage(error)) throw error
    const decoded = await decodePicture(bytes, { ...options, isLenient: true }).catch(() => {
      throw error
    })
    return { decoded, damage: error }
  }
}

function isDamage(error: unknown): error is DecodeError {
  return error instanceof DecodeError && error.code === 'PICTURE_DAMAGED'
}

function forms({ decoded: { pixels }, damage }: Frame): Pixels[] {
  const filled = damage ? filledRows(pixels) : null
  if (!filled) return [pixels]
  return filled.height < (1 - MAX_UNFILLED_SHARE) * pixels.height ? [filled] : [pixels, filled]
}

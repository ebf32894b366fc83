import { randomBytes } from 'node:crypto'
import { printSetOf, sightingPrintsOf } from '#domain/index.ts'
import { fingerprint, type Pixels, toHex } from '#lib/phash/index.ts'
import { type DecodeMode, decodePicture } from './decode-picture.ts'
import { readForms } from './look-up.ts'
import type { PictureRecord, PrintRecord, ServerPlan, SightingForm } from './picture-job.ts'

interface Reading {
  readonly mode: DecodeMode
  readonly awaitRoom: () => Promise<void>
}

/**
 * What a server is told of a picture, made here so that its pixels stay here: the set to be registered from every pixel, or
 * what is asked about each form of a picture that was seen. Throws `DecodeError`.
 */
export async function readForServer(
  bytes: Uint8Array,
  plan: ServerPlan,
  reading: Reading,
): Promise<Omit<PictureRecord, 'sha256' | 'md5'>> {
  return plan === 'sighting' ? readSighting(bytes, reading) : readSet(bytes, plan.register, reading)
}

async function readSet(bytes: Uint8Array, set: 'whole' | 'full' | 'tilt', { awaitRoom }: Reading) {
  const { pixels, type, width, height } = await decodePicture(bytes, { mode: 'exact', awaitRoom })
  const startedMs = performance.now()
  const made = await printSetOf(pixels, set, (count) => new Uint8Array(randomBytes(count)))
  const printMs = performance.now() - startedMs
  return { type, width, height, prints: [wholePrint(pixels)], set: made, printMs }
}

async function readSighting(bytes: Uint8Array, { mode, awaitRoom }: Reading) {
  const found: SightingForm[] = []
  let printMs = 0
  const { shown, damage } = await readForms(bytes, { mode, awaitRoom }, async (pixels) => {
    const startedMs = performance.now()
    const form = await sightingPrintsOf(pixels)
    if (form.prints.length > 0) found.push(form)
    printMs += performance.now() - startedMs
  })
  return {
    ...shown,
    prints: [],
    forms: found,
    printMs,
    ...(damage !== null && { isPartial: true as const }),
  }
}

function wholePrint(pixels: Pixels): PrintRecord {
  const { hash, quality, usable, reason } = fingerprint(pixels)
  return { name: 'whole', pdq: toHex(hash), quality, usable, ...(reason && { reason }) }
}

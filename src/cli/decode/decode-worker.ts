import { createHash } from 'node:crypto'
import { parentPort } from 'node:worker_threads'
import { queryPrints, registrationPrints } from '#domain/index.ts'
import { type Fingerprint, fingerprint, type Pixels, toHex, variants } from '#lib/phash/index.ts'
import { decodePicture } from './decode-picture.ts'
import { DecodeError } from './errors.ts'
import type { PictureJob, PictureResult, PrintPlan, PrintRecord } from './picture-job.ts'

/** One job at a time from the pool; pixels live only inside `work` and are dropped when it returns. */
async function work({ bytes, mode, plan }: PictureJob): Promise<PictureResult> {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const md5 = createHash('md5').update(bytes).digest('hex')
  try {
    const { pixels, type, width, height } = await decodePicture(bytes, mode)
    const startedMs = performance.now()
    const prints = await printsFor(plan, pixels)
    return {
      ok: true,
      picture: { sha256, md5, type, width, height, prints, printMs: performance.now() - startedMs },
    }
  } catch (error) {
    const { code, message } =
      error instanceof DecodeError
        ? error
        : { code: 'PICTURE_DAMAGED' as const, message: 'This picture could not be read.' }
    return { ok: false, failure: { sha256, md5, error: { code, message } } }
  }
}

async function printsFor(plan: PrintPlan, pixels: Pixels): Promise<PrintRecord[]> {
  switch (plan) {
    case 'whole':
      return [record('whole', fingerprint(pixels))]
    case 'query':
      return queryPrints(pixels).map((print) => record(print.name, print.fingerprint))
    case 'register':
      return orWhole(
        (await registrationPrints(pixels)).map((print) => record(print.variant, print.fingerprint)),
        pixels,
      )
    case 'standard':
    case 'wide': {
      const records: PrintRecord[] = []
      for await (const { id, fingerprint: print } of variants(pixels, plan)) records.push(record(id, print))
      return orWhole(records, pixels)
    }
  }
}

/** Registration sets leave unusable prints out; when that is all of them, the one of the frame says why. */
function orWhole(records: PrintRecord[], pixels: Pixels): PrintRecord[] {
  return records.length > 0 ? records : [record('o0', fingerprint(pixels))]
}

function record(name: string, { hash, quality, usable, reason }: Fingerprint): PrintRecord {
  return { name, pdq: toHex(hash), quality, usable, ...(reason && { reason }) }
}

parentPort?.on('message', ({ id, job }: { id: number; job: PictureJob }) => {
  void work(job).then((result) => parentPort?.postMessage({ id, result }))
})

import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { registrationPrints } from '#domain/index.ts'
import {
  type Fingerprint,
  fingerprint,
  type Pixels,
  partnerPrints,
  registerWindows,
  toHex,
  trims,
  variants,
} from '#lib/phash/index.ts'
import { collectGarbage } from './collect-garbage.ts'
import { decodePicture } from './decode-picture.ts'
import { DecodeError } from './errors.ts'
import { readForServer } from './for-server.ts'
import { lookUp } from './look-up.ts'
import type {
  Digests,
  FromWorker,
  MadeWindows,
  PictureJob,
  PictureResult,
  PrintPlan,
  PrintRecord,
  ToWorker,
  WindowSet,
  WorkerInput,
} from './picture-job.ts'
import { WindowSearch } from './window-search.ts'

type AwaitRoom = () => Promise<void>

/** One job at a time from the pool; pixels live only inside `work` and are dropped when it returns. */
async function work(job: PictureJob, digests: Digests, awaitRoom: AwaitRoom): Promise<PictureResult> {
  const { bytes, mode, plan, windowSet, forServer } = job
  try {
    if (forServer !== undefined) {
      const picture = await readForServer(bytes, forServer, { mode, awaitRoom })
      return { ok: true, picture: { ...digests, ...picture } }
    }
    if (plan === 'query') {
      const { prints, ...picture } = await lookUp(bytes, mode, awaitRoom, windowSearch())
      const records = prints.map((print) => record(print.name, print.fingerprint))
      return { ok: true, picture: { ...digests, ...picture, prints: records } }
    }
    const { pixels, type, width, height } = await decodePicture(bytes, { mode, awaitRoom })
    const startedMs = performance.now()
    const prints = await printsFor(plan, pixels)
    const windows = windowSet && (await windowsFor(windowSet, pixels))
    const printMs = performance.now() - startedMs
    return {
      ok: true,
      picture: { ...digests, type, width, height, prints, printMs, ...(windows && { windows }) },
    }
  } catch (error) {
    const { code, message } =
      error instanceof DecodeError
        ? error
        : { code: 'PICTURE_DAMAGED' as const, message: 'This picture could not be read.' }
    return { ok: false, failure: { ...digests, error: { code, message } } }
  }
}

async function printsFor(plan: Exclude<PrintPlan, 'query'>, pixels: Pixels): Promise<PrintRecord[]> {
  switch (plan) {
    case 'whole':
      return [record('whole', fingerprint(pixels))]
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
    case 'P8':
    case 'P33':
    case 'P64': {
      const rows = await partnerPrints(pixels, plan)
      return orWhole(
        rows.map(({ id, fingerprint: print }) => record(id, print)),
        pixels,
      )
    }
  }
}

/** Borders hold nothing of the picture, and windows over them would match every picture that has such a border. */
async function windowsFor(set: WindowSet, pixels: Pixels): Promise<MadeWindows> {
  const [region] = trims(pixels)
  const { width, height } = region ?? pixels
  const rows = await registerWindows(pixels, { set, ...(region && { region }) })
  return { set, rows, shorterSide: Math.min(width, height), ...(region && { region }) }
}

/** Registration sets leave unusable prints out; when that is all of them, the one of the frame says why. */
function orWhole(records: PrintRecord[], pixels: Pixels): PrintRecord[] {
  return records.length > 0 ? records : [record('o0', fingerprint(pixels))]
}

function record(name: string, { hash, quality, usable, reason }: Fingerprint): PrintRecord {
  return { name, pdq: toHex(hash), quality, usable, ...(reason && { reason }) }
}

// The pool gives nothing else to a worker it starts.
const input: WorkerInput = workerData ?? {}
let search: WindowSearch | null = null

/** Made for the first look-up, so that a worker is there at once; null when there are no windows to search. */
function windowSearch(): WindowSearch | null {
  if (input.windows) search ??= new WindowSearch(input.windows)
  return search
}

/** Jobs that wait for room, by id. */
const waiting = new Map<number, () => void>()

function post(message: FromWorker): void {
  parentPort?.postMessage(message)
}

async function answer(id: number, job: PictureJob): Promise<void> {
  const digests = {
    sha256: createHash('sha256').update(job.bytes).digest('hex'),
    md5: createHash('md5').update(job.bytes).digest('hex'),
  }
  post({ id, digests })
  let room: Promise<void> | null = null
  // One request serves all frames of a job: the room stays with it until its result.
  const awaitRoom: AwaitRoom = () => {
    room ??= new Promise((resolve) => {
      waiting.set(id, resolve)
      post({ id, wantsRoom: true })
    })
    return room
  }
  const result = await work(job, digests, awaitRoom)
  if (room) {
    collectGarbage()
    // Native memory is freed after the collection, in a turn of its own.
    await setImmediate()
  }
  post({ id, result })
}

parentPort?.on('message', (message: ToWorker) => {
  if ('job' in message) {
    void answer(message.id, message.job)
    return
  }
  waiting.get(message.id)?.()
  waiting.delete(message.id)
})

import { parentPort, workerData } from 'node:worker_threads'
import sharp from 'sharp'
import { randomFromInteger } from '#lib/scenes/index.ts'
import { type Bank, buildBank } from './bank.ts'
import { EDITS, type EditName, makeCopy } from './edits.ts'
import { measureCopy, register } from './measure.ts'
import type { Answer, MeasuredCopy, Request, Setup } from './messages.ts'
import { loadPicture, type PictureSource } from './pictures.ts'

// The pool starts this file with a `Setup` and sends it `Request`s only.
const { pictures, edits, seed } = workerData as Setup
const numbers = new Map(Object.keys(EDITS).map((name, number) => [name, number]))
let bank: Bank | null = null

// One thread each: the pool has as many workers as there are cores to use.
sharp.concurrency(1)

parentPort?.on('message', (request: Request) => {
  void answer(request).then((value) => parentPort?.postMessage(value))
})

async function answer(request: Request): Promise<Answer> {
  if (request.kind === 'register') return register(await loadPicture(pictureAt(request.picture)))
  if (request.kind === 'bank') {
    bank = buildBank(request.registered)
    return null
  }
  if (!bank) throw new Error('There is no bank to look copies up in.')
  return measurePicture(bank, request.picture)
}

async function measurePicture(known: Bank, number: number): Promise<MeasuredCopy[]> {
  const otherNumber = (number + 1) % pictures.length
  const source = pictureAt(number)
  const picture = await loadPicture(source)
  const other = await loadPicture(pictureAt(otherNumber))
  const measured: MeasuredCopy[] = []
  for (const edit of edits) {
    const copy = await makeCopy(edit, picture, streamFor(source, edit), other)
    const shown = new Set([number, ...(edit === 'collage-2' ? [otherNumber] : [])].map(String))
    measured.push({ edit, own: number, ...(await measureCopy(known, copy, String(number), shown)) })
  }
  return measured
}

/** The same copy of the same picture whatever else is measured. */
function streamFor(source: PictureSource, edit: EditName) {
  return randomFromInteger(4096 * source.seed + 64 * (seed % 64) + (numbers.get(edit) ?? 0))
}

function pictureAt(number: number): PictureSource {
  const source = pictures[number]
  if (!source) throw new Error(`There is no picture ${number}.`)
  return source
}

import { createReadStream } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { type ReadableStream as NodeStream, TransformStream } from 'node:stream/web'
import { Decrypter, Encrypter } from 'age-encryption'
import * as z from 'zod/mini'
import { sightingContext } from '#contract/sighting-context.ts'
import { base64ToBytes, bytesToBase64 } from '#lib/bytes/index.ts'
import { streamLines } from '../stream-lines.ts'
import { CollectError } from './errors.ts'
import type { Asking, Question } from './question.ts'

/*
 * An age file, sealed with a passphrase, of one JSON object a line: { saksiKept: 1, key, forms, context }. Prints of pictures of
 * other people are in it: it is kept only by a witness who asks for it, and is to be treated like the export.
 */
const line = z.strictObject({
  saksiKept: z.literal(1),
  key: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  forms: z.array(
    z.strictObject({
      scope: z.strictObject({ width: z.int(), height: z.int(), shorterSide: z.int() }),
      /** Eight prints of 32 bytes, and the place of a window or nothing for the whole: base64 each. */
      prints: z.array(z.tuple([z.string(), z.nullable(z.string())])),
    }),
  ),
  context: sightingContext,
})

const MAX_LINE_BYTES = 16 * 1024 * 1024
/** Passphrases that are made here have 94 bits: they need no slow stretching. Others are of 20 characters at least. */
const WORK_FACTOR = 15

/** A file for asking again, sealed with a passphrase. */
export interface Keeping {
  readonly path: string
  readonly passphrase: string
}

/** A file that is being written, and appears when it is whole. */
export interface KeptFile {
  add(key: string, asking: Asking): Promise<void>
  /** Puts the file in its place when all is in it, and leaves nothing otherwise. */
  close(isWhole: boolean): Promise<void>
}

/** Throws `CollectError` COLLECT_KEEP when something is there, or it cannot be written. */
export async function createKeptFile({ path, passphrase }: Keeping): Promise<KeptFile> {
  const part = `${path}.part`
  const there = await open(path, 'r').catch(() => null)
  if (there !== null) {
    await there.close()
    throw new CollectError('COLLECT_KEEP', `${path} is there already. Nothing was sent.`)
  }
  // What a killed run left cannot be gone on with: the end of an age file is proven as a whole.
  await rm(part, { force: true })
  const file = await open(part, 'wx', 0o600).catch((cause: unknown) => {
    throw new CollectError('COLLECT_KEEP', `${path} cannot be written. Nothing was sent.`, { cause })
  })
  const lines = new TransformStream<Uint8Array, Uint8Array>()
  const writer = lines.writable.getWriter()
  const encrypter = new Encrypter()
  encrypter.setPassphrase(passphrase)
  encrypter.setScryptWorkFactor(WORK_FACTOR)
  const sealed = await encrypter.encrypt(lines.readable as ReadableStream<Uint8Array>)
  const writing = (async () => {
    for await (const bytes of Readable.fromWeb(sealed as NodeStream)) await file.write(bytes as Uint8Array)
  })()
  // Told by `close`; until then it must not count as unhandled.
  writing.catch(() => undefined)
  return {
    add: (key, asking) => writer.write(encodeLine(key, asking)),
    close: async (isWhole) => {
      await (isWhole ? writer.close() : writer.abort()).catch(() => undefined)
      const isWritten = await writing.then(
        () => true,
        () => false,
      )
      if (isWhole && isWritten) await file.sync()
      await file.close()
      if (isWhole && isWritten) return rename(part, path)
      await rm(part, { force: true })
      if (isWhole)
        throw new CollectError('COLLECT_KEEP', `${path} could not be written. All pictures were sent.`)
    },
  }
}

/**
 * The questions of a kept file, in its order. Throws `CollectError` COLLECT_KEPT when it is no such file, was altered or cut, or
 * the passphrase is another one: at the latest at its end, after what came before it.
 */
export async function* readKeptFile({ path, passphrase }: Keeping): AsyncGenerator<Question> {
  try {
    const decrypter = new Decrypter()
    decrypter.addPassphrase(passphrase)
    const bytes = Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>
    const opened = await decrypter.decrypt(bytes)
    for await (const text of streamLines(Readable.fromWeb(opened as NodeStream), MAX_LINE_BYTES)) {
      yield decodeLine(text ?? '')
    }
  } catch (cause) {
    if (cause instanceof CollectError) throw cause
    throw new CollectError(
      'COLLECT_KEPT',
      `${path} cannot be read: it is no kept collection, was altered or cut off, or the passphrase is another one.`,
      { cause },
    )
  }
}

function encodeLine(key: string, { forms, context }: Asking): Uint8Array {
  const kept = forms.map(({ scope, prints }) => ({
    scope,
    prints: prints.map(({ prints: turned, place }) => [
      bytesToBase64(turned),
      place === null ? null : bytesToBase64(place),
    ]),
  }))
  return new TextEncoder().encode(`${JSON.stringify({ saksiKept: 1, key, forms: kept, context })}\n`)
}

function decodeLine(text: string): Question {
  const { key, forms, context } = line.parse(JSON.parse(text))
  const asking: Asking = {
    context,
    forms: forms.map(({ scope, prints }) => ({
      scope,
      prints: prints.map(([turned, place]) => ({
        prints: base64ToBytes(turned) ?? new Uint8Array(0),
        place: place === null ? null : base64ToBytes(place),
      })),
    })),
  }
  return { key, read: async () => asking }
}

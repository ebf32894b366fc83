import * as z from 'zod/mini'
import type { WithheldPointer } from '#lib/bundle/index.ts'
import { readText } from './create-options.ts'
import { BundleFileError } from './errors.ts'

const text = z.nullable(z.string().check(z.maxLength(2048)))

/** Nothing but where it was and who marked it: a field for a file, a name, a size or a digest is refused. */
const pointer = z.strictObject({
  platform: z.string().check(z.minLength(1), z.maxLength(64)),
  placeId: z.string().check(z.minLength(1), z.maxLength(2048)),
  link: text,
  messageId: text,
  sentAt: text,
  authorId: text,
  markedBy: text,
  markedAt: text,
})
const pointers = z.array(pointer).check(z.maxLength(10_000))

/**
 * Pointers to material that was withheld as suspected child abuse material: a JSON list. Throws `BundleFileError`
 * `POINTERS_INVALID` for anything but pointers, or for more of them than the scan withheld.
 */
export async function readWithheldPointers(path: string, withheld: number): Promise<WithheldPointer[]> {
  const parsed = pointers.safeParse(parseJson(await readText(path, 'pointers')))
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.join('.') ?? ''
    throw invalid(`it is no list of pointers, or has a field that no pointer has (${where || 'the list'})`)
  }
  if (parsed.data.length > withheld)
    throw invalid(`it has ${parsed.data.length} pointers, and the scan withheld ${withheld}`)
  return parsed.data
}

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content)
  } catch {
    return null
  }
}

function invalid(why: string): BundleFileError {
  return new BundleFileError(
    'POINTERS_INVALID',
    `The file given with --withheld-pointers was not taken: ${why}. A pointer has platform, placeId, link, messageId, sentAt, authorId, markedBy, markedAt and nothing else. Nothing was written.`,
  )
}

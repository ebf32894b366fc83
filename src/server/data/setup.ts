import { createHash } from 'node:crypto'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { readPrivate, writePrivate } from './private-file.ts'

const setupSchema = z.object({
  state: z.enum(['open', 'done']),
  /** Of the token in the link that was given out; the token itself is not kept. */
  tokenSha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
})

/** How far setting up has come. */
export type Setup = z.infer<typeof setupSchema>

const fileIn = (directory: string): string => join(directory, 'setup.json')

/** Null before the first link was made. */
export async function readSetup(directory: string): Promise<Setup | null> {
  const text = await readPrivate(fileIn(directory))
  return text === null ? null : setupSchema.parse(JSON.parse(text))
}

/**
 * Makes the one link with which the organisation is set up, and forgets the former one. What proves the right to set up
 * stands after the `#`, which browsers do not send.
 */
export async function makeSetupLink(
  directory: string,
  publicUrl: string,
  random: (bytes: number) => Uint8Array,
): Promise<string> {
  const token = Buffer.from(random(32)).toString('base64url')
  const tokenSha256 = createHash('sha256').update(token).digest('hex')
  await writePrivate(fileIn(directory), `${JSON.stringify({ state: 'open', tokenSha256 })}\n`)
  return `${publicUrl}/setup#${token}`
}

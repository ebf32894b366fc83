import { readFile, stat } from 'node:fs/promises'
import * as z from 'zod/mini'
import { digitsOf, type OrganisationTrust } from '#client/index.ts'
import type { AgeBand } from '#domain/index.ts'
import { AppError } from '#lib/errors/index.ts'
import { parseReturnCode, type ReturnCode } from '#lib/seal/index.ts'
import { readLeaflet } from '../config.ts'
import type { CliContext } from '../context.ts'
import type { Leaflet } from './connect.ts'
import { IntakeError } from './errors.ts'

type Asking = Pick<CliContext, 'input' | 'note'>

const MAX_TEXT_BYTES = 262_000

/**
 * Server and organisation: from the options, the environment, or asked for. Throws `AppError` USAGE, `IntakeError` ANSWER_NEEDED, TRUST_UNREADABLE,
 * `OrganisationError` ORGANISATION_FINGERPRINT.
 */
export async function leafletFrom(
  { input }: Asking,
  given: { readonly server?: string; readonly organisation?: string; readonly trust?: string },
): Promise<Leaflet> {
  const known = readLeaflet()
  const server = given.server ?? known.server
  if (server === null) throw new AppError('USAGE', 'Give the address of the server: --server https://…')
  if (given.trust !== undefined) return { server, organisation: await readTrust(given.trust) }
  const fingerprint = given.organisation ?? known.organisation
  if (fingerprint !== null) return { server, organisation: digitsOf(fingerprint) }
  if (!input.isTerminal) {
    throw new IntakeError(
      'ANSWER_NEEDED',
      'Give the fingerprint that is printed on the organisation’s leaflet: --organisation "xxxxx xxxxx …". Without it, anybody’s server could pass for theirs.',
    )
  }
  const answer = await input.ask('The 40 digits of the organisation’s fingerprint, from its leaflet: ')
  return { server, organisation: digitsOf(answer ?? '') }
}

/**
 * The return code, from the environment, a terminal or a pipe; never from an argument, which other programs and the shell's
 * history see. Throws `IntakeError` ANSWER_NEEDED, and `SealError` RETURN_CODE_*.
 */
export async function askReturnCode(
  { input }: Asking,
  given: string | null,
  question = 'Your return code: ',
): Promise<ReturnCode> {
  const answer = given ?? (await input.ask(question, { isSecret: true }))
  if (answer !== null && answer.trim() !== '') return parseReturnCode(answer)
  throw new IntakeError(
    'ANSWER_NEEDED',
    'The return code is needed: type it when asked, or hand it over as the first line of standard input or in SAKSI_RETURN_CODE. Nothing was sent.',
  )
}

/** In the order of the question. */
const AGE_BANDS: readonly AgeBand[] = ['adult', 'under-18-in-picture', 'under-18-now', 'prefer-not']

const AGE_QUESTION = `Before a picture is opened: how old is the person in the pictures?
  1  an adult, now and in the pictures
  2  an adult now, under 18 in a picture
  3  under 18 now
  4  I would rather not say
Answer with a number: `

/** Her age band, asked before any picture is opened. Throws `IntakeError` ANSWER_NEEDED. */
export async function askAge({ input }: Asking): Promise<AgeBand> {
  const answer = input.isTerminal ? await input.ask(AGE_QUESTION) : null
  const band = AGE_BANDS[Number(answer?.trim()) - 1]
  if (band !== undefined) return band
  throw new IntakeError(
    'ANSWER_NEEDED',
    'Say first whether the person is an adult, now and in every picture: --adult. No picture was opened.',
  )
}

const organisationTrust = z.strictObject({
  org: z.string(),
  rootKeys: z.array(z.string()),
  minRosterVersion: z.int().check(z.gte(1)),
  policy: z.string(),
  receiptsKey: z.string(),
})

async function readTrust(path: string): Promise<OrganisationTrust> {
  try {
    return organisationTrust.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (cause) {
    throw new IntakeError(
      'TRUST_UNREADABLE',
      `${path} is not what an organisation gives out to be trusted by.`,
      {
        cause,
      },
    )
  }
}

/** What happened, from a file. Throws `IntakeError` TEXT_UNREADABLE. */
export async function readText(path: string): Promise<string> {
  try {
    if ((await stat(path)).size > MAX_TEXT_BYTES) throw new RangeError('too long')
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path)).trim()
  } catch (cause) {
    throw new IntakeError(
      'TEXT_UNREADABLE',
      `${path} cannot be read as text of up to 262,000 bytes. Nothing was sent.`,
      { cause },
    )
  }
}

import { readFile, realpath } from 'node:fs/promises'
import { rootCertificates } from 'node:tls'
import { BUNDLE_LANGUAGES, type BundleLanguage, type Consent } from '#lib/bundle/index.ts'
import { AppError } from '#lib/errors/index.ts'
import type { TimeStampAuthorityAddress } from './ask-time-stamp.ts'
import { type Lock, passphraseLock, recipientLock } from './encrypt.ts'
import { prepareAuthority } from './prepare-authority.ts'
import { type SealedFile, sealFile, sealingLane } from './seal-file.ts'
import type { Selection } from './select-exhibits.ts'

/** What `saksi bundle create` is told. */
export interface CreateOptions {
  scan: string
  key: string
  out: string
  exhibit?: string[]
  export?: string
  lang?: string[]
  context?: string
  mask?: boolean
  withheldPointers?: string
  entry?: string[]
  all?: boolean
  name?: string
  organisation?: string
  contact?: string
  witness?: string
  device?: string
  agency?: string
  consent?: string
  purpose?: string
  consentExpires?: string
  log?: string
  allowNoWitness?: boolean
  tsa?: string[]
  tsaRoots?: string
  tsaChain?: string
  to?: string[]
  passphrase?: boolean
  plainOriginals?: boolean
  json?: boolean
}

/** Throws `AppError` `USAGE`, or `BundleFileError` `RECIPIENT_INVALID`. */
export async function lockOf(
  { to = [], passphrase: isWanted }: CreateOptions,
  passphrase: string | null,
): Promise<Lock | null> {
  if (to.length > 0 && isWanted) throw new AppError('USAGE', 'Choose either --to or --passphrase.')
  if (passphrase !== null) return passphraseLock(passphrase)
  if (to.length === 0) return null
  return await recipientLock(to)
}

const MOST_CONTEXT = 20

/** Languages of reports and drafts. Throws `AppError` `USAGE`. */
export function languagesOf({ lang = [] }: CreateOptions): BundleLanguage[] {
  return lang.map((tag) => {
    const known = BUNDLE_LANGUAGES.find((one) => one === tag)
    if (known === undefined)
      throw new AppError('USAGE', `--lang takes ${BUNDLE_LANGUAGES.join(', ')}; English is always there.`)
    return known
  })
}

/** How many neighbours of each message go along. Throws `AppError` `USAGE`. */
export function contextSizeOf(options: CreateOptions): number {
  const { context = '0', mask, export: path } = options
  if (!/^\d{1,2}$/.test(context) || Number(context) > MOST_CONTEXT)
    throw new AppError('USAGE', `--context takes a number from 0 to ${MOST_CONTEXT}.`)
  if (path === undefined && (context !== '0' || mask))
    throw new AppError('USAGE', '--context and --mask need --export: the messages stand in the export only.')
  return Number(context)
}

/** Throws `AppError` `USAGE`. */
export function consentOf({ consent, agency, purpose, consentExpires }: CreateOptions): Consent | null {
  if (consent === undefined) return null
  if (agency === undefined) throw new AppError('USAGE', '--consent is for one agency: name it with --agency.')
  if (consentExpires !== undefined && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(consentExpires))
    throw new AppError('USAGE', '--consent-expires takes a time such as 2026-12-31T23:59:59Z.')
  return { reference: consent, agency, purpose: purpose ?? 'investigation', expires: consentExpires ?? null }
}

/** Files that are read at once, so that one is read while another is hashed. */
const AT_ONCE = 4

/**
 * The files given with --exhibit, by their digest, each with what it will be in the bundle: encrypted, when there is a
 * `lock`. Throws `AppError` `EXHIBIT_UNKNOWN`.
 */
export async function exhibitFiles(
  paths: readonly string[],
  lock: Lock | null,
  signal: AbortSignal,
): Promise<Selection['files']> {
  const sealed: SealedFile[] = []
  let next = 0
  const lane = async (): Promise<void> => {
    const memory = sealingLane()
    for (let i = next++; i < paths.length; i = next++) {
      signal.throwIfAborted()
      const path = paths[i] ?? ''
      try {
        sealed[i] = await sealFile(await realpath(path), lock, memory)
      } catch (cause) {
        next = paths.length
        throw new AppError('EXHIBIT_UNKNOWN', `The file ${JSON.stringify(path)} cannot be read.`, { cause })
      }
    }
  }
  await Promise.all(Array.from({ length: lock?.isPassphrase ? 1 : AT_ONCE }, lane))
  return new Map(sealed.map((file) => [file.sha256, file]))
}

/** The authorities given with --tsa, each with the root it uses. Throws `USAGE`, `INPUT_UNREADABLE`, `SEAL_TIMESTAMP`. */
export async function authoritiesOf(
  options: CreateOptions,
  clock: { nowMs: number; signal: AbortSignal },
): Promise<TimeStampAuthorityAddress[]> {
  const urls = options.tsa ?? []
  for (const url of urls) {
    if (!/^https?:\/\//.test(url) || !URL.canParse(url))
      throw new AppError('USAGE', '--tsa takes an http or https address.')
  }
  const roots =
    options.tsaRoots === undefined
      ? `${rootCertificates.join('\n')}\n`
      : await readText(options.tsaRoots, 'roots')
  const chain = options.tsaChain === undefined ? '' : await readText(options.tsaChain, 'chain')
  return await Promise.all(
    urls.map((url, i) => prepareAuthority({ name: `tsa-${i + 1}`, url, roots, chain }, clock)),
  )
}

/** Throws `AppError` `INPUT_UNREADABLE`. */
export async function readInput(path: string, what: string): Promise<Uint8Array> {
  return readFile(path).catch((cause: unknown) => {
    throw new AppError('INPUT_UNREADABLE', `The ${what} file ${JSON.stringify(path)} cannot be read.`, {
      cause,
    })
  })
}

export async function readText(path: string, what: string): Promise<string> {
  return Buffer.from(await readInput(path, what)).toString('utf8')
}

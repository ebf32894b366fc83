import {
  type Client,
  createClient,
  type Organisation,
  type OrganisationTrust,
  puzzleSolver,
  readOrganisation,
  ServedLog,
  type SolvePuzzle,
} from '#client/index.ts'
import type { CliContext } from '../context.ts'
import { IntakeError } from './errors.ts'

/** Which server, and whose it has to be. */
export interface Leaflet {
  /** `https://reports.example.org` */
  readonly server: string
  /** The 40 digits of the organisation's fingerprint, or all that it gives out to be trusted by. */
  readonly organisation: string | OrganisationTrust
}

/** A server that was found to speak for the organisation on the leaflet. */
export interface Connection {
  readonly client: Client
  readonly log: ServedLog
  readonly organisation: Organisation
  readonly solve: SolvePuzzle
}

/**
 * Reaches the server and holds it against the leaflet. Throws `IntakeError` SERVER_URL, `OrganisationError`, `CallError`,
 * `SealError` ROSTER_*.
 */
export async function connect(
  { signal, nowMs }: Pick<CliContext, 'signal' | 'nowMs'>,
  { server, organisation: known }: Leaflet,
): Promise<Connection> {
  const baseUrl = baseUrlOf(server)
  const client = createClient({ baseUrl, signal })
  const asked = typeof known === 'string' ? { fingerprint: known } : { trust: known }
  const organisation = await readOrganisation(client, asked, new Date(nowMs()))
  return { client, log: new ServedLog({ baseUrl, signal }), organisation, solve: puzzleSolver(signal) }
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

/**
 * Everything is sealed before it is sent, but over an open line the whole network sees that it is; onion addresses encrypt by
 * themselves. Throws `IntakeError` SERVER_URL.
 */
function baseUrlOf(server: string): string {
  const url = readUrl(/^[a-z]+:\/\//i.test(server) ? server : `https://${server}`)
  const isPrivate =
    url?.protocol === 'https:' ||
    (url?.protocol === 'http:' && (LOOPBACK.test(url.hostname) || url.hostname.endsWith('.onion')))
  if (url !== null && isPrivate && url.username === '' && url.password === '') return url.origin
  throw new IntakeError(
    'SERVER_URL',
    'The address of the server has to begin with https://, as it stands on the leaflet. Nothing was sent.',
  )
}

function readUrl(text: string): URL | null {
  try {
    return new URL(text)
  } catch {
    return null
  }
}

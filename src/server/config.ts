import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import type { ServerOptions } from '#contract/program.ts'
import type { DatabaseTarget } from '#node/db/index.ts'
import { ServerError } from './errors.ts'

const DEFAULT_PORT = 8_787

/** Everything the server takes from its environment, read here and nowhere else. No secret is in it but the database's address. */
export interface ServerConfig {
  readonly dataDirectory: string
  readonly database: DatabaseTarget
  readonly host: string
  readonly port: number
  /** What people type to get here; the address it listens on unless told. */
  readonly publicUrl: string | null
  readonly origins: readonly string[]
  readonly isBehindProxy: boolean
  /** Sightings are taken by invite only. */
  readonly needsInvite: boolean
  /** Name of the custody log, for a new data directory. */
  readonly logOrigin: string | null
}

/** Throws `SERVER_SETTINGS`. */
export function readConfig(options: ServerOptions, env: NodeJS.ProcessEnv = process.env): ServerConfig {
  const dataDirectory = resolve(options.data ?? env['SAKSI_DATA'] ?? usualDirectory(env))
  const url = env['DATABASE_URL']
  return {
    dataDirectory,
    database: url === undefined || url === '' ? { directory: dataDirectory } : { url },
    host: options.host ?? env['SAKSI_HOST'] ?? '127.0.0.1',
    port: options.port ?? portOf(env['SAKSI_PORT']),
    publicUrl: urlOf('SAKSI_URL', env['SAKSI_URL']),
    origins: (env['SAKSI_ORIGINS'] ?? '')
      .split(/[\s,]+/)
      .filter((text) => text !== '')
      .map((text) => new URL(urlOf('SAKSI_ORIGINS', text) ?? '').origin),
    isBehindProxy: env['SAKSI_BEHIND_PROXY'] === '1',
    needsInvite: env['SAKSI_INVITE_ONLY'] === '1',
    logOrigin: env['SAKSI_LOG_ORIGIN'] || null,
  }
}

/** Where the user that PostgreSQL runs as can reach it: root's home is closed to others. */
function usualDirectory(env: NodeJS.ProcessEnv): string {
  if (process.geteuid?.() === 0) return '/var/lib/saksi'
  return join(env['XDG_DATA_HOME'] || join(homedir(), '.local', 'share'), 'saksi')
}

function portOf(text: string | undefined): number {
  if (text === undefined || text === '') return DEFAULT_PORT
  const port = Number(text)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new ServerError('SERVER_SETTINGS', 'SAKSI_PORT is not a port: a whole number up to 65535.')
}

function urlOf(name: string, text: string | undefined): string | null {
  if (text === undefined || text === '') return null
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text.replace(/\/+$/, '')
  throw new ServerError('SERVER_SETTINGS', `${name} is not an address such as https://reports.example.org`)
}

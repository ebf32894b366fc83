import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import type { ServerOptions } from '#contract/program.ts'
import type { DatabaseTarget } from '#node/db/index.ts'
import type { BlobSettings } from './blob-store/index.ts'
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
  /** A bucket for sealed files; null for the folder in the data directory. Its keys are read when it is opened. */
  readonly s3: BlobSettings['s3']
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
    s3: bucketOf(env),
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

const BUCKET_SETTINGS = ['SAKSI_S3_ENDPOINT', 'SAKSI_S3_BUCKET']
const BUCKET_KEYS = ['SAKSI_S3_ACCESS_KEY_ID', 'SAKSI_S3_SECRET_ACCESS_KEY']

/** All of a bucket or nothing: half a setting must not lead files to where nobody looks for them. */
function bucketOf(env: NodeJS.ProcessEnv): ServerConfig['s3'] {
  const named = [...BUCKET_SETTINGS, ...BUCKET_KEYS]
  const missing = named.filter((name) => !env[name])
  if (missing.length === named.length) return null
  if (missing.length > 0) {
    throw new ServerError('SERVER_SETTINGS', `For a bucket, set this too: ${missing.join(', ')}.`)
  }
  return {
    endpoint: urlOf('SAKSI_S3_ENDPOINT', env['SAKSI_S3_ENDPOINT']) ?? '',
    bucket: env['SAKSI_S3_BUCKET'] ?? '',
    region: env['SAKSI_S3_REGION'] || 'us-east-1',
    // A function, so that no print of the settings has them.
    credentials: () => ({
      accessKeyId: env['SAKSI_S3_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: env['SAKSI_S3_SECRET_ACCESS_KEY'] ?? '',
    }),
  }
}

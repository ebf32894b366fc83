import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { parseTilePath } from '#lib/tlog/index.ts'
import { listen } from '../witness/listen.ts'
import { LogStoreError } from './errors.ts'
import type { ReadResource } from './storage.ts'

export interface ServeLogOptions {
  /** What is served: of a log's storage, or of a folder that is a copy (`servedFolder`). */
  readonly read: ReadResource
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
}

export interface RunningLog {
  readonly url: string
  close(): Promise<void>
}

interface Kind {
  readonly contentType: string
  readonly cacheControl: string
}

/** For readers that stop reading. */
const IDLE_TIMEOUT_MS = 30_000

const FOR_EVER = 'public, max-age=31536000, immutable'
const CHECKPOINT: Kind = { contentType: 'text/plain; charset=utf-8', cacheControl: 'public, max-age=5' }
const POLICY: Kind = { contentType: 'text/plain; charset=utf-8', cacheControl: 'public, max-age=300' }
const TILE: Kind = { contentType: 'application/octet-stream', cacheControl: FOR_EVER }
const OPENING: Kind = { contentType: 'application/json', cacheControl: FOR_EVER }

/**
 * Serves a log over HTTP (C2SP tlog-tiles): checkpoint, tiles, entries, policy, and openings of public records; nothing
 * else is reachable, whatever lies in the folder. Takes no lock and writes nothing. Throws `LOG_SETTINGS` when the
 * address cannot be used.
 */
export async function serveLog({ read, host, port }: ServeLogOptions): Promise<RunningLog> {
  const server = createServer((request, response) => {
    answer(read, request, response).catch(() => refuse(response, 500, 'this cannot be read\n'))
  })
  server.requestTimeout = 10_000
  server.timeout = IDLE_TIMEOUT_MS
  server.maxConnections = 512
  try {
    const url = await listen(server, host, port)
    return {
      url,
      close: async () => {
        server.close()
        server.closeAllConnections()
      },
    }
  } catch (cause) {
    throw new LogStoreError('LOG_SETTINGS', `The address ${host}:${port} cannot be used.`, { cause })
  }
}

/** Something that is served, with the headers that go with its kind. */
export interface Served extends Kind {
  readonly bytes: Uint8Array
}

/**
 * What a log serves under a path without a leading slash, or null: for a server that has routes of its own. Nothing but
 * the kinds of C2SP tlog-tiles, the policy and public openings is ever read.
 */
export async function findServed(read: ReadResource, path: string): Promise<Served | null> {
  const kind = kindOf(path)
  const bytes = kind === null ? null : await read(path)
  return kind === null || bytes === null ? null : { ...kind, bytes }
}

async function answer(read: ReadResource, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405, 'GET only\n')
  const found = await findServed(read, (request.url ?? '').slice(1))
  if (found === null) return refuse(response, 404, 'nothing is here\n')
  response.writeHead(200, {
    'content-type': found.contentType,
    'cache-control': found.cacheControl,
    'content-length': found.bytes.length,
    'x-content-type-options': 'nosniff',
    // Anybody may read it, a page that checks a receipt too.
    'access-control-allow-origin': '*',
  })
  response.end(request.method === 'HEAD' ? undefined : found.bytes)
}

/** What a path is, or null when nothing is served under it. Each thing has one path. */
function kindOf(path: string): Kind | null {
  if (path === 'checkpoint') return CHECKPOINT
  if (path === 'policy') return POLICY
  if (/^public\/(0|[1-9][0-9]{0,15})\.json$/.test(path)) return OPENING
  try {
    parseTilePath(path)
    return TILE
  } catch {
    return null
  }
}

function refuse(response: ServerResponse, status: number, body: string): void {
  if (response.headersSent || response.destroyed) return
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    ...(status === 405 && { allow: 'GET, HEAD' }),
  })
  response.end(body)
}

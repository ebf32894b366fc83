import { createReadStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { parseTilePath } from '#lib/tlog/index.ts'
import { isMissing } from '../is-missing.ts'
import { listen } from '../witness/listen.ts'
import { LogStoreError } from './errors.ts'

export interface ServeLogOptions {
  /** The folder of what is served, or a copy of it. */
  readonly served: string
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
export async function serveLog({ served, host, port }: ServeLogOptions): Promise<RunningLog> {
  const server = createServer((request, response) => {
    answer(served, request, response).catch(() => refuse(response, 500, 'this cannot be read\n'))
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

async function answer(served: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = (request.url ?? '').slice(1)
  const kind = kindOf(path)
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405, 'GET only\n')
  if (kind === null) return refuse(response, 404, 'nothing is here\n')
  const file = await openFile(join(served, path))
  if (file === null) return refuse(response, 404, 'nothing is here\n')
  try {
    const { size } = await file.stat()
    response.writeHead(200, {
      'content-type': kind.contentType,
      'cache-control': kind.cacheControl,
      'content-length': size,
      'x-content-type-options': 'nosniff',
      // Anybody may read it, a page that checks a receipt too.
      'access-control-allow-origin': '*',
    })
    if (request.method === 'HEAD' || size === 0) response.end()
    else
      await pipeline(createReadStream('', { fd: file, autoClose: false, start: 0, end: size - 1 }), response)
  } catch {
    // The reader went away, or the disk failed half-way: the length that was stated tells the reader.
    response.destroy()
  } finally {
    await file.close().catch(() => undefined)
  }
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

async function openFile(path: string): Promise<FileHandle | null> {
  const file = await open(path, 'r').catch((error: unknown) => {
    if (isMissing(error)) return null
    throw error
  })
  // A tile's path can be the folder of further tiles.
  if (file === null || (await file.stat()).isFile()) return file
  await file.close()
  return null
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

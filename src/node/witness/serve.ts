import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import {
  addSignatures,
  cosign,
  MAX_ADD_CHECKPOINT_BYTES,
  parseNote,
  type SigningKey,
} from '#lib/tlog/index.ts'
import { LogStoreError } from '../log-store/errors.ts'
import { lockLog } from '../log-store/log-lock.ts'
import { type Answer, answerAddCheckpoint, type Witness } from './add-checkpoint.ts'
import { WitnessError } from './errors.ts'
import { listen } from './listen.ts'
import { RateLimit, REQUESTS_PER_SECOND } from './rate-limit.ts'
import { makeStateFolders, SeenCheckpoints } from './seen-checkpoints.ts'

export interface ServeWitnessOptions {
  readonly key: SigningKey
  /** Folder of what was co-signed. Never to be put back from a copy. */
  readonly state: string
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  /** How many requests of one log are answered; 1 unless told, and 60 at once. */
  readonly requestsPerSecond?: number
  readonly now?: () => Date
  readonly notice?: (message: string) => void
}

export interface RunningWitness {
  readonly url: string
  close(): Promise<void>
}

const REQUEST_TIMEOUT_MS = 10_000
const IDLE_TIMEOUT_MS = 30_000
const MAX_CONNECTIONS = 256

/**
 * Runs a witness (C2SP tlog-witness): `POST /add-checkpoint`, and `GET /<SHA-256 of the origin>/checkpoint` for whoever
 * wants to see what it has co-signed. Throws `WITNESS_LOCKED`, `WITNESS_LISTEN`.
 */
export async function serveWitness(options: ServeWitnessOptions): Promise<RunningWitness> {
  await makeStateFolders(options.state)
  const lock = await lockState(options.state)
  const witness: Witness = {
    key: options.key,
    state: options.state,
    seen: new SeenCheckpoints(options.state),
    rate: new RateLimit(() => performance.now(), options.requestsPerSecond ?? REQUESTS_PER_SECOND),
    now: options.now ?? (() => new Date()),
    notice: options.notice ?? (() => undefined),
  }
  const server = createServer((request, response) => void handle(witness, request, response))
  server.requestTimeout = REQUEST_TIMEOUT_MS
  server.headersTimeout = REQUEST_TIMEOUT_MS
  server.timeout = IDLE_TIMEOUT_MS
  server.maxConnections = MAX_CONNECTIONS
  try {
    const url = await listen(server, options.host, options.port)
    return {
      url,
      close: async () => {
        server.close()
        server.closeAllConnections()
        await lock.release()
      },
    }
  } catch (cause) {
    await lock.release()
    throw new WitnessError('WITNESS_LISTEN', `The address ${options.host}:${options.port} cannot be used.`, {
      cause,
    })
  }
}

async function lockState(state: string) {
  try {
    return await lockLog(join(state, 'lock'), 1_000)
  } catch (cause) {
    if (cause instanceof LogStoreError && cause.code === 'LOG_LOCKED') {
      throw new WitnessError(
        'WITNESS_LOCKED',
        'Another witness runs on this folder. One key, one folder, one program.',
        {
          cause,
        },
      )
    }
    throw cause
  }
}

async function handle(witness: Witness, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    send(response, await answer(witness, request))
  } catch (error) {
    witness.notice(`A request could not be answered: ${error instanceof Error ? error.message : 'unknown'}`)
    send(response, { status: 500, body: 'the witness cannot answer\n' })
  }
}

async function answer(witness: Witness, request: IncomingMessage): Promise<Answer> {
  const path = request.url ?? ''
  if (path === '/add-checkpoint') {
    if (request.method !== 'POST') return { status: 405, body: 'POST only\n' }
    const body = await readBody(request)
    return body === null ? { status: 413, body: 'too large\n' } : answerAddCheckpoint(witness, body)
  }
  const [, digest] = /^\/([0-9a-f]{64})\/checkpoint$/.exec(path) ?? []
  if (digest === undefined) return { status: 404, body: 'nothing is here\n' }
  if (request.method !== 'GET' && request.method !== 'HEAD') return { status: 405, body: 'GET only\n' }
  return newestCheckpoint(witness, digest)
}

/** The newest checkpoint of a log with our co-signature, which is the same each time for the same time. */
async function newestCheckpoint({ seen, key }: Witness, digest: string): Promise<Answer> {
  const last = await seen.find(digest)
  if (last === null) return { status: 404, body: 'nothing of this log was co-signed\n' }
  const note = parseNote(last.note)
  return { status: 200, body: addSignatures(note, [cosign(note.text, key, last.time)]) }
}

/** Null for a body beyond the limit, of which no more is read than that. */
async function readBody(request: IncomingMessage): Promise<Uint8Array | null> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_ADD_CHECKPOINT_BYTES) return null
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size > MAX_ADD_CHECKPOINT_BYTES) return null
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks))
}

function send(response: ServerResponse, { status, body, contentType }: Answer): void {
  if (response.destroyed || response.headersSent) return
  // What was not read of a request that is too large would otherwise be taken for the next one.
  if (status === 413) response.shouldKeepAlive = false
  response.writeHead(status, {
    'content-type': contentType ?? 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    ...(status === 405 && { allow: body.split(' ', 1)[0] }),
  })
  response.end(response.req.method === 'HEAD' ? '' : body)
}

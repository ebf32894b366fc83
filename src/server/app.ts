import { randomBytes } from 'node:crypto'
import Fastify, { type FastifyInstance } from 'fastify'
import { allOperations } from '#contract/api.ts'
import { openApiDocument } from '#contract/openapi.ts'
import type { Served } from '#node/log-store/index.ts'
import type { BlobStore } from './blob-store/index.ts'
import {
  ASK_EARLIER_JOB,
  askEarlierJob,
  bankRoutes,
  EXPIRE_SETS_JOB,
  expireSetsJob,
  MIX_JOB,
  mixJob,
} from './cap/bank/index.ts'
import { blobsRoutes, EXPIRE_JOB, expireJob, SWEEP_JOB, sweepJob } from './cap/blobs/index.ts'
import { casesRoutes } from './cap/cases/index.ts'
import { healthRoutes } from './cap/health/index.ts'
import { intakeRoutes } from './cap/intake/index.ts'
import { EXPIRE_INVITES_JOB, expireInvitesJob, invitesRoutes, Passes } from './cap/invites/index.ts'
import { mailboxRoutes } from './cap/mailbox/index.ts'
import { matchesRoutes, PUBLISH_JOB, publishJob } from './cap/matches/index.ts'
import { membersRoutes, PROVE_ROSTER_JOB, proveRosterJob, type SetUpGate } from './cap/members/index.ts'
import {
  EXPIRE_SIGHTINGS_JOB,
  expireSightingsJob,
  MATCH_JOB,
  matchJob,
  sightingsRoutes,
} from './cap/sightings/index.ts'
import { type QuotaSettings, UNLINK_JOB, unlinkJob } from './case-store/index.ts'
import type { Clock } from './clock.ts'
import { type Custody, logRoutes } from './custody/index.ts'
import type { LiveDatabase } from './database.ts'
import { installHeaders } from './headers.ts'
import { Jobs } from './jobs/index.ts'
import { type LimitSettings, RateLimits } from './limits/rate-limits.ts'
import { durationBucket, type Log } from './log.ts'
import { Matcher } from './matcher/index.ts'
import { installRefusals } from './refuse.ts'
import { expireCasesJob, forgetJob } from './tidy.ts'
import { Tokens } from './tokens.ts'
import { VERSION } from './version.ts'

/** What the capabilities are made from. Nothing in the server reaches for a global instead. */
export interface Dependencies {
  readonly database: LiveDatabase
  readonly blobStore: BlobStore
  readonly custody: Custody
  /** What the custody log serves under a path. */
  readonly readLog: (path: string) => Promise<Served | null>
  /** What its receipts are checked with: a vkey. */
  readonly receiptsKey: string
  readonly clock: Clock
  readonly log: Log
  readonly random: (bytes: number) => Uint8Array
  /** 32 bytes from which the server knows its own nonces, puzzles and uploads again. Opens no case. */
  readonly secret: Uint8Array
  readonly settings: AppSettings
}

export interface AppSettings {
  /** Origins of pages that may use the API from a browser. */
  readonly origins: readonly string[]
  /** Whether a proxy of ours stands in front and its word on who is asking is taken. */
  readonly isBehindProxy: boolean
  readonly limits: LimitSettings
  readonly quota: QuotaSettings
  /** Zero bits of a puzzle when nothing is going on; 18 unless told. */
  readonly puzzleBits?: number
  /** Sightings are taken by invite only; a solved puzzle alone lets nobody in. */
  readonly needsInvite?: boolean
  /** What the set-up link is held against; without one nothing can be set up. */
  readonly setUpGate?: SetUpGate
}

/** A server that is put together and does not listen yet. */
export interface App {
  readonly http: FastifyInstance
  readonly jobs: Jobs
}

const JSON_BODY_BYTES = 64 * 1024
const MAX_CONNECTIONS = 1_024

/** The one place where the server is put together. Listens to nothing yet. */
export function buildApp(dependencies: Dependencies): App {
  const { blobStore, clock, random, secret, settings } = dependencies
  const matcher = new Matcher()
  const http = buildHttp(dependencies)
  const shared = {
    ...dependencies,
    limits: new RateLimits(settings.limits, clock, dependencies.random),
    quota: settings.quota,
    matcher,
    nonces: new Tokens(secret, 'nonce'),
    puzzles: new Tokens(secret, 'pow'),
    uploads: new Tokens(secret, 'upload'),
    passes: new Passes(secret),
    needsInvite: settings.needsInvite === true,
    origins: settings.origins,
    setUpGate: settings.setUpGate ?? null,
    ...(settings.puzzleBits !== undefined && { baseBits: settings.puzzleBits }),
  }
  healthRoutes(http, shared)
  logRoutes(http, dependencies.readLog)
  intakeRoutes(http, shared)
  mailboxRoutes(http, shared)
  blobsRoutes(http, shared)
  bankRoutes(http, shared)
  sightingsRoutes(http, shared)
  invitesRoutes(http, shared)
  matchesRoutes(http, shared)
  const readLog = async (path: string) => (await dependencies.readLog(path))?.bytes ?? null
  membersRoutes(http, { ...shared, readLog })
  casesRoutes(http, shared)
  const jobs = new Jobs(
    {
      'server.forget': forgetJob,
      'cases.expire': expireCasesJob,
      [UNLINK_JOB]: unlinkJob(blobStore),
      [EXPIRE_JOB]: expireJob,
      [SWEEP_JOB]: sweepJob(blobStore),
      [ASK_EARLIER_JOB]: askEarlierJob(matcher, random),
      [MIX_JOB]: mixJob,
      [EXPIRE_SETS_JOB]: expireSetsJob(matcher),
      [MATCH_JOB]: matchJob(matcher, random),
      [EXPIRE_SIGHTINGS_JOB]: expireSightingsJob(matcher),
      [EXPIRE_INVITES_JOB]: expireInvitesJob,
      [PUBLISH_JOB]: publishJob(matcher, random),
      [PROVE_ROSTER_JOB]: proveRosterJob(readLog),
    },
    dependencies,
  )
  return { http, jobs }
}

function buildHttp({ log, settings }: Dependencies): FastifyInstance {
  const http = Fastify({
    // Its logger would write addresses and paths. What is logged is in `log.ts`.
    logger: false,
    bodyLimit: JSON_BODY_BYTES,
    trustProxy: settings.isBehindProxy,
    exposeHeadRoutes: false,
    // A slow sender may take this long for one part of a file over a bad line.
    requestTimeout: 120_000,
    keepAliveTimeout: 65_000,
    forceCloseConnections: 'idle',
  })
  // Each connection may hold one part of a file in memory.
  http.server.maxConnections = MAX_CONNECTIONS
  http.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  )
  installHeaders(http, settings.origins)
  installRefusals(http, log, () => randomBytes(8).toString('hex'))
  http.addHook('onResponse', async (request, reply) => {
    log.write({
      event: 'request',
      method: request.method,
      route: request.routeOptions.url ?? 'none',
      status: reply.statusCode,
      duration: durationBucket(reply.elapsedTime),
      ...(request.faultReference !== undefined && { reference: request.faultReference }),
    })
  })
  const openApi = JSON.stringify(openApiDocument(allOperations(), VERSION))
  http.get('/api/openapi.json', (_request, reply) =>
    reply.header('content-type', 'application/json; charset=utf-8').send(openApi),
  )
  return http
}

import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { bytesToBase64 } from '#lib/bytes/index.ts'
import { AppError } from '#lib/errors/index.ts'
import { parseNote } from '#lib/tlog/index.ts'
import { openDatabase } from '../../db/index.ts'
import { postgres15Installation } from '../../testing/postgres-15.ts'
import { checkLog, makeCheckpoint, openAppender, openLog, proveRecord } from '../index.ts'
import { sequenceAndSign } from '../sequence.ts'
import { readLogKeys, signCheckpoint } from '../sign-checkpoint.ts'
import { expectCode, makeLog, makeOpening, random } from '../testing.ts'
import { startTestServer, type TestServer } from '../testing-storage.ts'
import { createLogTables } from './schema.ts'

const NOW = { isOutOfTurn: true }
const MANIFEST = 'ab'.repeat(32)

const SERVERS = [
  { name: 'the packaged PostgreSQL 18', installation: () => undefined },
  { name: "Debian's PostgreSQL 15", installation: postgres15Installation },
]

describe.each(SERVERS)('a log in $name', ({ installation }) => {
  let server: TestServer
  beforeAll(async () => {
    server = await startTestServer(installation())
  }, 120_000)
  afterAll(() => server.stop(), 120_000)

  /** A log, and the database as another program has it open. */
  async function makeLogAndOpen() {
    const address = await server.newDatabase()
    const folder = await makeLog({ database: address })
    const database = await openDatabase<{ reports: { id: number } }>({ url: address })
    onTestFinished(() => database.close())
    await sql`create table reports (id int primary key)`.execute(database.kysely)
    const appender = await openAppender({ folder, database: database.kysely })
    return { address, folder, kysely: database.kysely, appender }
  }

  it('accepts a commitment with a report in one commit, or neither', async () => {
    const { folder, kysely, appender } = await makeLogAndOpen()
    const [kept, dropped] = [random(32), random(32)]
    const accepted = await kysely.transaction().execute(async (transaction) => {
      await transaction.insertInto('reports').values({ id: 1 }).execute()
      return appender.append(transaction, { commitment: kept, manifestSha256: MANIFEST })
    })
    const failed = kysely.transaction().execute(async (transaction) => {
      await transaction.insertInto('reports').values({ id: 2 }).execute()
      const { commitment } = await appender.append(transaction, {
        commitment: dropped,
        manifestSha256: MANIFEST,
      })
      // Before the commit there is nothing that could be promised.
      await expectCode('LOG_RECORD_UNKNOWN', () => appender.receipt(commitment))
      await transaction.insertInto('reports').values({ id: 1 }).execute()
    })
    await expect(failed).rejects.toThrow()
    await expectCode('LOG_RECORD_UNKNOWN', () => appender.receipt(bytesToBase64(dropped)))
    const receipt = await appender.receipt(bytesToBase64(kept))
    if (receipt.state !== 'pending') throw new Error('not waiting')
    expect(receipt.mergeBy).toBe(accepted.mergeBy)
    expect(parseNote(receipt.receipt).text.split('\n')[2]).toBe(bytesToBase64(kept))
    await makeCheckpoint(folder, NOW)
    expect(await appender.receipt(bytesToBase64(kept))).toMatchObject({ state: 'logged' })
    expect((await proveRecord(folder, bytesToBase64(kept))).verified.index).toBeLessThan(16)
    await expectCode('LOG_RECORD_UNKNOWN', () => proveRecord(folder, bytesToBase64(dropped)))
    expect((await kysely.selectFrom('reports').selectAll().execute()).map(({ id }) => id)).toEqual([1])
  })

  it('keeps the opening of a record in the same commit', async () => {
    const { folder, kysely, appender } = await makeLogAndOpen()
    const [kept, dropped] = [makeOpening(), makeOpening()]
    await kysely.transaction().execute((transaction) => appender.appendRecord(transaction, kept))
    await expect(
      kysely.transaction().execute(async (transaction) => {
        await appender.appendRecord(transaction, dropped)
        throw new Error('given up')
      }),
    ).rejects.toThrow('given up')
    await makeCheckpoint(folder, NOW)
    expect((await proveRecord(folder, kept.record.id)).verified.opening).toEqual(kept)
    await expectCode('LOG_OPENING_MISSING', () => proveRecord(folder, dropped.record.id))
    await expectCode('RECORD_LOG', () =>
      kysely
        .transaction()
        .execute((transaction) => appender.appendRecord(transaction, makeOpening({ log: 'log.example/x' }))),
    )
  })

  it('has a commitment once, whoever hands it in while others do and checkpoints are made', async () => {
    const { folder, kysely, appender } = await makeLogAndOpen()
    const commitments = Array.from({ length: 40 }, () => random(32))
    let isOver = false
    const handIn = async (): Promise<void> => {
      for (const commitment of commitments) {
        await kysely
          .transaction()
          .execute((transaction) => appender.append(transaction, { commitment, manifestSha256: MANIFEST }))
      }
    }
    const checkpoints = (async () => {
      while (!isOver) await makeCheckpoint(folder, NOW)
    })()
    await Promise.all([handIn(), handIn(), handIn(), handIn()])
    isOver = true
    await checkpoints
    await makeCheckpoint(folder, NOW)
    const { faults, pendingCount } = await checkLog(folder)
    expect({ faults, pendingCount }).toEqual({ faults: [], pendingCount: 0 })
    const indexes = await Promise.all(
      commitments.map(
        async (commitment) => (await proveRecord(folder, bytesToBase64(commitment))).verified.index,
      ),
    )
    expect(new Set(indexes).size).toBe(40)
  })

  it('signs nothing once the connection that had the lock is lost', async () => {
    const { address, folder } = await makeLogAndOpen()
    await makeCheckpoint(folder, NOW)
    const log = await openLog(folder)
    const keys = await readLogKeys(log)
    const { root } = log.newest
    await server.asAdmin(
      address,
      "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted and pid <> pg_backend_pid()",
    )
    await expectCode('LOG_LOCK_LOST', () => signCheckpoint(log, keys, { size: 16, root }, []))
    await expectCode('LOG_LOCK_LOST', () => sequenceAndSign(log, () => undefined))
    await expectCode('LOG_LOCK_LOST', () => log.appendRecord(makeOpening()))
    await log.close()
    expect(await makeCheckpoint(folder, NOW)).toMatchObject({ state: 'published', size: 32 })
  })

  it('signs nothing when another writer has come meanwhile, though its own connection holds', async () => {
    const { address, folder } = await makeLogAndOpen()
    await makeCheckpoint(folder, NOW)
    const log = await openLog(folder)
    const steps: string[] = []
    // As a pooler between would do it that hands the session on, and the lock with it.
    await server.asAdmin(address, 'update custody_writer set epoch = epoch + 1')
    await expectCode('LOG_LOCK_LOST', () => sequenceAndSign(log, (step) => steps.push(step)))
    expect(steps).toEqual([])
    await log.close()
    expect((await checkLog(folder)).signedSize).toBe(16)
  })

  it('loses its lock in the middle of a checkpoint without a second history', async () => {
    const { address, folder } = await makeLogAndOpen()
    for (const last of ['sequenced', 'stored', 'signed'] as const) {
      const log = await openLog(folder)
      const signed: string[] = []
      const terminated: Promise<unknown>[] = []
      const running = sequenceAndSign(log, (step, note) => {
        if (step === 'signed' && note !== undefined) signed.push(note)
        if (step === last) {
          terminated.push(
            server.asAdmin(
              address,
              "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and pid <> pg_backend_pid()",
            ),
          )
        }
      })
      await running.catch((error: unknown) => {
        expect(error).toMatchObject({ code: 'LOG_LOCK_LOST' })
      })
      await Promise.all(terminated)
      await log.close()
      const before = signed.map((note) => parseNote(note).text)
      const next: string[] = []
      const again = await openLog(folder)
      await sequenceAndSign(again, (step, note) => {
        if (step === 'signed' && note !== undefined) next.push(parseNote(note).text)
      })
      await again.close()
      // What was signed before the loss is signed again the same, or was kept.
      const sizes = new Map([...before, ...next].map((text) => [text.split('\n')[1], text]))
      for (const text of before) expect(sizes.get(text.split('\n')[1])).toBe(text)
      expect((await checkLog(folder)).faults).toEqual([])
    }
  })

  it('refuses a second writer, in this program and another, until the first is done', async () => {
    const { folder } = await makeLogAndOpen()
    const log = await openLog(folder)
    await expectCode('LOG_LOCKED', () => openLog(folder, { lockWaitMs: 120 }))
    const second = openLog(folder, { lockWaitMs: 20_000 })
    await log.close()
    await (await second).close()
  })

  it('has a code for each error of opening, also when the connection breaks while it waits', async () => {
    const { address, folder } = await makeLogAndOpen()
    const other = new pg.Client(address)
    await other.connect()
    onTestFinished(() => other.end())
    const terminate =
      'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and'
    const waitsFor = async (condition: string): Promise<void> => {
      for (let rows: unknown[] = []; rows.length === 0; await sleep(5)) {
        rows = await server.asAdmin(address, `${terminate} ${condition}`)
      }
    }
    // While it counts itself among the writers.
    await other.query('begin; update custody_writer set epoch = epoch')
    let opening = expectCode('DATABASE_UNREACHABLE', () => openLog(folder))
    await waitsFor("wait_event_type = 'Lock' and query like '%update custody_writer%'")
    await opening
    await other.query('rollback')
    // While another has the lock, and it asks again and again.
    const log = await openLog(folder)
    opening = expectCode('DATABASE_UNREACHABLE', () => openLog(folder, { lockWaitMs: 60_000 }))
    await waitsFor(
      "query like '%pg_try_advisory_lock%' and pid not in (select pid from pg_locks where locktype = 'advisory')",
    )
    await opening
    await log.appendRecord(makeOpening())
    await log.close()
    expect(await makeCheckpoint(folder, NOW)).toMatchObject({ state: 'published', size: 16 })
  })

  it('lets nobody change what was signed, not even its owner', async () => {
    const { address, folder, kysely } = await makeLogAndOpen()
    await makeCheckpoint(folder, NOW)
    const statements = [
      "update custody_signed set root = decode(repeat('00', 32), 'hex')",
      'delete from custody_signed',
      'truncate custody_signed',
      "update custody_leaf set commitment = decode(repeat('00', 32), 'hex') where position = 0",
      'delete from custody_leaf',
      'truncate custody_leaf',
      "update custody_resource set content = ''",
      'truncate custody_resource',
    ]
    const state = async (work: Promise<unknown>): Promise<unknown> =>
      work.then(
        () => null,
        (error: unknown) => (error instanceof pg.DatabaseError ? error.code : error),
      )
    for (const statement of statements) {
      // Insufficient privilege for the owner; for an administrator, whom no grant binds, the trigger.
      expect([statement, await state(sql.raw(statement).execute(kysely))]).toEqual([statement, '42501'])
      expect([statement, await state(server.asAdmin(address, statement))]).toEqual([statement, 'SK001'])
    }
    const refused = [
      "insert into custody_signed values (16, decode(repeat('00', 32), 'hex'), '')",
      "insert into custody_signed values (32, decode(repeat('00', 32), 'hex'), '')",
      "insert into custody_leaf values (99, decode(repeat('00', 32), 'hex'))",
      "delete from custody_resource where path like 'public/%'",
    ]
    for (const statement of refused) {
      expect([statement, await state(sql.raw(statement).execute(kysely))]).toEqual([statement, 'SK001'])
    }
    expect((await checkLog(folder)).faults).toEqual([])
  })

  it('finds what an administrator has altered, and signs nothing', async () => {
    const { address, folder } = await makeLogAndOpen()
    await makeCheckpoint(folder, NOW)
    const alter = async (...statements: string[]): Promise<void> => {
      await server.asAdmin(
        address,
        `alter table custody_resource disable trigger all; ${statements.join(';')}; alter table custody_resource enable trigger all`,
      )
    }
    const swap =
      'update custody_resource set content = set_byte(content, 40, get_byte(content, 40) # 1) where path ='
    await alter(`${swap} 'tile/0/000.p/16'`)
    await expectCode('LOG_TILES_ALTERED', () => makeCheckpoint(folder, NOW))
    expect((await checkLog(folder)).faults.length).toBeGreaterThan(0)
    await alter(`${swap} 'tile/0/000.p/16'`)
    await alter("insert into custody_resource values ('tile/0/000.p/32', 'other')")
    await expectCode('LOG_TILE_CONFLICT', () => makeCheckpoint(folder, NOW))
    await alter("delete from custody_resource where path = 'tile/0/000.p/32'")
    // The batch that was begun, and one of its own.
    expect(await makeCheckpoint(folder, NOW)).toMatchObject({ state: 'published', size: 48 })
    await server.asAdmin(address, 'drop trigger keep on custody_leaf')
    expect((await checkLog(folder)).faults).toMatchObject([{ code: 'LOG_DAMAGED', where: 'triggers' }])
  })

  it('makes its tables again without touching what is in them', async () => {
    const { folder, kysely } = await makeLogAndOpen()
    await makeCheckpoint(folder, NOW)
    const make = (): Promise<void> =>
      kysely.transaction().execute((transaction) => createLogTables(transaction))
    await Promise.all([make(), make(), make()])
    expect((await checkLog(folder)).faults).toEqual([])
    await makeCheckpoint(folder, NOW)
    expect((await checkLog(folder)).signedSize).toBe(32)
  })

  it('is one log to a database, and only for the keys it was made with', async () => {
    const { address, folder, kysely } = await makeLogAndOpen()
    await expectCode('LOG_EXISTS', () => makeLog({ database: address }))
    const other = await makeLog({ origin: 'log.example/other', database: await server.newDatabase() })
    await expectCode('LOG_DAMAGED', () => openAppender({ folder: other, database: kysely }))
    await expectCode('LOG_SETTINGS', async () => openAppender({ folder: await makeLog(), database: kysely }))
    expect((await checkLog(folder)).faults).toEqual([])
    await expectCode('DATABASE_UNREACHABLE', () => makeLog({ database: 'postgres://saksi@127.0.0.1:1/x' }))
  })

  it('notices by its keys that an older copy of the database was put back', async () => {
    const { address, folder } = await makeLogAndOpen()
    await makeCheckpoint(folder, NOW)
    await server.asAdmin(
      address,
      `set session_replication_role = replica; delete from custody_signed where size = 16;
       delete from custody_leaf; delete from custody_state where name in ('batch', 'checkpoint')`,
    )
    await expectCode('LOG_RESTORED', () => makeCheckpoint(folder, NOW))
    await expectCode('LOG_RESTORED', () => openLog(folder))
  })
})

it('gives errors of the database codes, and no word of a statement', async () => {
  const server = await startTestServer(undefined)
  onTestFinished(() => server.stop())
  const address = await server.newDatabase()
  const folder = await makeLog({ database: address })
  await server.asAdmin(address, 'drop table custody_pending')
  const error = await openLog(folder)
    .then((log) => log.appendRecord(makeOpening()).finally(() => log.close()))
    .catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(AppError)
  expect(String(error)).not.toContain('custody_pending')
}, 120_000)

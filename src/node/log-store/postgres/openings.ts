import { sql } from 'kysely'
import { formatOpening, type Opening, parseOpening } from '#lib/tlog/index.ts'
import { damaged } from '../errors.ts'
import { assertSameRecord, KEEP_PADS_MS, RECORD_ID } from '../openings.ts'
import type { OpeningStore } from '../storage.ts'
import type { Runner } from './database.ts'
import { withLogErrors } from './errors.ts'

type Kind = 'record' | 'items' | 'pads'

/**
 * Openings in the database: kept in a transaction of the caller's, they are committed with everything else in it. Erasing
 * rewrites the table without the row. Like backups, the server's own journal holds it until that is recycled.
 */
export function postgresOpenings(runner: Runner): OpeningStore {
  const put = async (kind: Kind, name: string, text: string): Promise<void> => {
    await withLogErrors(() =>
      sql`insert into custody_opening (kind, name, content) values (${kind}, ${name}, ${Buffer.from(text)})
        on conflict (kind, name) do update set content = excluded.content, kept_at = now()`.execute(runner),
    )
  }
  const find = (id: string): Promise<Opening | null> => withLogErrors(() => findOpening(runner, id))
  return {
    find,
    keep: async (opening) => {
      const { id } = opening.record
      const content = Buffer.from(formatOpening(opening))
      const { numAffectedRows } = await withLogErrors(() =>
        sql`insert into custody_opening (kind, name, content) values ('record', ${id}, ${content})
          on conflict (kind, name) do nothing`.execute(runner),
      )
      if (numAffectedRows === 1n) return opening
      const former = await find(id)
      if (former === null) throw damaged(`opening ${id}`, 'it was there and is gone')
      assertSameRecord(former, opening)
      return former
    },
    erase: (id) => erase(runner, 'record', id),
    eraseItems: (collection) => erase(runner, 'items', collection),
    list: async () => {
      const { rows } = await withLogErrors(() =>
        sql<{ name: string }>`select name from custody_opening where kind = 'record'`.execute(runner),
      )
      return rows.map(({ name }) => name)
    },
    keepItems: (collection, text) => put('items', collection, text),
    keepPads: (from, text) => put('pads', String(from), text),
    expirePads: async (now) => {
      const oldest = new Date(now.getTime() - KEEP_PADS_MS)
      await withLogErrors(() =>
        sql`delete from custody_opening where kind = 'pads' and kept_at < ${oldest}`.execute(runner),
      )
    },
  }
}

async function findOpening(runner: Runner, id: string): Promise<Opening | null> {
  if (!RECORD_ID.test(id)) return null
  const { rows } = await sql<{ content: Buffer }>`
    select content from custody_opening where kind = 'record' and name = ${id}`.execute(runner)
  const content = rows[0]?.content
  if (content === undefined) return null
  try {
    return parseOpening(new Uint8Array(content))
  } catch (cause) {
    throw damaged(`opening ${id}`, 'it is no opening', cause)
  }
}

async function erase(runner: Runner, kind: Kind, name: string): Promise<boolean> {
  return withLogErrors(async () => {
    const { numAffectedRows } = await sql`
      delete from custody_opening where kind = ${kind} and name = ${name}`.execute(runner)
    if (numAffectedRows !== 1n) return false
    // A deleted row's bytes stay in its page for an unknown time.
    await sql`vacuum full custody_opening`.execute(runner)
    return true
  })
}

import { sql } from 'kysely'
import { formatOpening, type Opening, parseOpening } from '#lib/tlog/index.ts'
import { damaged } from '../errors.ts'
import { linesOfParts, partsOfLines } from '../item-lines.ts'
import { assertSameRecord, KEEP_PADS_MS, RECORD_ID } from '../openings.ts'
import type { OpeningStore } from '../storage.ts'
import type { Runner } from './database.ts'
import { withLogErrors } from './errors.ts'

type Kind = 'record' | 'items' | 'pads'

/**
 * Openings in the database: kept in a transaction of the caller's, they are committed with everything else in it. Erasing
 * rewrites the table without the row. Like backups, the server's own journal holds it until that is recycled. `asOne` runs
 * several statements as one; left out, `runner` is a transaction that does.
 */
export function postgresOpenings(
  runner: Runner,
  asOne: <Value>(work: (runner: Runner) => Promise<Value>) => Promise<Value> = (work) => work(runner),
): OpeningStore {
  const put = async (to: Runner, kind: Kind, name: string, content: Buffer): Promise<void> => {
    await withLogErrors(() =>
      sql`insert into custody_opening (kind, name, content) values (${kind}, ${name}, ${content})
        on conflict (kind, name) do update set content = excluded.content, kept_at = now()`.execute(to),
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
    keepItems: (collection, lines) =>
      withLogErrors(() =>
        asOne(async (transaction) => {
          let part = 0
          for (const content of partsOfLines(lines)) {
            await put(transaction, 'items', partName(collection, part++), content)
          }
        }),
      ),
    readItems: (collection) => linesOfParts(itemParts(runner, collection), collection),
    list: async () => {
      const { rows } = await withLogErrors(() =>
        sql<{ name: string }>`select name from custody_opening where kind = 'record'`.execute(runner),
      )
      return rows.map(({ name }) => name)
    },
    keepPads: (from, text) => put(runner, 'pads', String(from), Buffer.from(text)),
    expirePads: async (now) => {
      const oldest = new Date(now.getTime() - KEEP_PADS_MS)
      await withLogErrors(() =>
        sql`delete from custody_opening where kind = 'pads' and kept_at < ${oldest}`.execute(runner),
      )
    },
  }
}

/** The items of a large collection take several rows: one value has a limit, and all of it would be in memory at once. */
function partName(collection: string, part: number): string {
  return part === 0 ? collection : `${collection}/${part}`
}

async function* itemParts(runner: Runner, collection: string): AsyncGenerator<Uint8Array, void> {
  for (let part = 0; ; part++) {
    const name = partName(collection, part)
    const { rows } = await withLogErrors(() =>
      sql<{ content: Buffer }>`
        select content from custody_opening where kind = 'items' and name = ${name}`.execute(runner),
    )
    const content = rows[0]?.content
    if (content === undefined) return
    yield content
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
      delete from custody_opening
      where kind = ${kind} and (name = ${name} or starts_with(name, ${`${name}/`}))`.execute(runner)
    if (numAffectedRows === 0n || numAffectedRows === undefined) return false
    // A deleted row's bytes stay in its page for an unknown time.
    await sql`vacuum full custody_opening`.execute(runner)
    return true
  })
}

import { sql } from 'kysely'
import { parseTilePath, TILE_WIDTH, tileAt } from '#lib/tlog/index.ts'
import { LogStoreError } from '../errors.ts'
import type { Resource } from '../storage.ts'
import { KEEP_PARTIALS_MS } from '../tidy.ts'
import type { Runner } from './database.ts'

/** A full tile has 8 KiB, a full bundle 15: some megabytes in one statement. */
const RESOURCES_AT_ONCE = 256

/** Adds resources; throws `LOG_TILE_CONFLICT` for one that is there with other bytes, unless it may be replaced. */
export async function addResources(
  runner: Runner,
  resources: AsyncIterable<Resource>,
  { isReplacing }: { isReplacing: boolean },
): Promise<void> {
  if (isReplacing) await sql`select set_config('saksi.recovers', 'on', true)`.execute(runner)
  let waiting: Resource[] = []
  for await (const resource of resources) {
    waiting.push(resource)
    if (waiting.length < RESOURCES_AT_ONCE) continue
    await addSome(runner, waiting, isReplacing)
    waiting = []
  }
  if (waiting.length > 0) await addSome(runner, waiting, isReplacing)
}

async function addSome(runner: Runner, resources: readonly Resource[], isReplacing: boolean): Promise<void> {
  const paths = resources.map(({ path }) => path)
  const contents = resources.map(({ bytes }) => Buffer.from(bytes))
  const given = sql`unnest(${paths}::text[], ${contents}::bytea[]) as given (path, content)`
  if (isReplacing) await sql`delete from custody_resource where path = any(${paths})`.execute(runner)
  await sql`insert into custody_resource (path, content) select path, content from ${given}
    on conflict (path) do nothing`.execute(runner)
  const { rows } = await sql<{ path: string }>`select path from ${given}
    join custody_resource stored using (path) where stored.content <> given.content limit 1`.execute(runner)
  const conflict = rows[0]
  if (conflict === undefined) return
  throw new LogStoreError(
    'LOG_TILE_CONFLICT',
    `${conflict.path} is there already with other contents, which a log never has. Nothing was signed. Keep everything as it is, and run: saksi log fsck`,
  )
}

/** Partial tiles of a tree of this size whose full one has been there for a week. */
export async function removeOldPartials(runner: Runner, size: number, now: Date): Promise<void> {
  const oldest = new Date(now.getTime() - KEEP_PARTIALS_MS)
  const { rows } = await sql<{ path: string }>`
    select partial.path from custody_resource partial
    join custody_resource full_one on full_one.path = regexp_replace(partial.path, '\\.p/[0-9]+$', '')
    where partial.path ~ '\\.p/[0-9]+$' and full_one.added_at < ${oldest}`.execute(runner)
  const superseded = rows.map(({ path }) => path).filter((path) => isSuperseded(path, size))
  if (superseded.length === 0) return
  await sql`delete from custody_resource where path = any(${superseded})`.execute(runner)
}

function isSuperseded(path: string, size: number): boolean {
  const tile = parseTilePath(path)
  const [level, index] = tile.kind === 'entries' ? [0, tile.bundle.index] : [tile.tile.level, tile.tile.index]
  return tileAt(level, index, size)?.width === TILE_WIDTH
}

import { sql } from 'kysely'
import type { Runner } from './database.ts'

/** What a log keeps one of, and replaces. */
export type StateName = 'origin' | 'policy' | 'checkpoint' | 'note' | 'batch' | 'rotation' | 'halted'

export async function readState(runner: Runner, name: StateName): Promise<Buffer | null> {
  const { rows } = await sql<{ content: Buffer }>`
    select content from custody_state where name = ${name}`.execute(runner)
  return rows[0]?.content ?? null
}

/** Null removes it. */
export async function writeState(runner: Runner, name: StateName, text: string | null): Promise<void> {
  if (text === null) {
    await sql`delete from custody_state where name = ${name}`.execute(runner)
    return
  }
  await sql`insert into custody_state (name, content) values (${name}, ${Buffer.from(text)})
    on conflict (name) do update set content = excluded.content`.execute(runner)
}

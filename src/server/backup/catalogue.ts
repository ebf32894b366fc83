import type pg from 'pg'
import type { BackupHeader } from './format.ts'

type Tables = BackupHeader['tables']

interface Named {
  readonly table: string
}

/** Every table of the server with its columns, each after the tables that its foreign keys point to. */
export async function readTables(client: pg.ClientBase): Promise<Tables> {
  const { rows: columns } = await client.query<Named & { column: string }>(
    `select c.relname::text as "table", a.attname::text as "column"
       from pg_class c join pg_attribute a on a.attrelid = c.oid
      where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
        and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
      order by c.relname, a.attnum`,
  )
  const { rows: references } = await client.query<Named & { target: string }>(
    `select conrelid::regclass::text as "table", confrelid::regclass::text as "target"
       from pg_constraint where contype = 'f' and connamespace = current_schema()::regnamespace`,
  )
  const byName = new Map<string, string[]>()
  for (const { table, column } of columns) byName.set(table, [...(byName.get(table) ?? []), column])
  return inOrder([...byName.keys()], references).map((name) => ({ name, columns: byName.get(name) ?? [] }))
}

function inOrder(names: readonly string[], references: readonly (Named & { target: string })[]): string[] {
  const done = new Set<string>()
  const visit = (name: string): void => {
    if (done.has(name)) return
    done.add(name)
    for (const { table, target } of references) if (table === name) visitFirst(target, name)
    ordered.push(name)
  }
  const visitFirst = (target: string, from: string) => {
    if (target !== from) visit(target)
  }
  const ordered: string[] = []
  for (const name of names) visit(name)
  return ordered
}

/** Columns that number themselves go on after what was put back, not from 1. */
export async function continueNumbering(client: pg.ClientBase, tables: Tables): Promise<void> {
  for (const { name, columns } of tables) {
    for (const column of columns) {
      const { rows } = await client.query<{ sequence: string | null }>(
        'select pg_get_serial_sequence($1, $2) as sequence',
        [quoted(name), column],
      )
      const sequence = rows[0]?.sequence
      if (!sequence) continue
      await client.query(
        `select setval($1::regclass, max(${quoted(column)})) from ${quoted(name)} having count(*) > 0`,
        [sequence],
      )
    }
  }
}

export function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`
}

import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import pg from 'pg'
import type { Loot } from './search.ts'

/** A value of one row, as its bytes. */
export interface Cell {
  readonly table: string
  readonly column: string
  /** Where the row lies: what was written later comes later, unless rows were moved. */
  readonly ctid: string
  readonly bytes: Buffer
}

export interface Dump {
  readonly cells: readonly Cell[]
  /** Every row of every table once more, as PostgreSQL writes it. */
  readonly rows: readonly Loot[]
}

/** Dumps every column of every table of ours, as whoever reads the database sees them. */
export async function dumpDatabase(connection: pg.ClientConfig): Promise<Dump> {
  const client = new pg.Client(connection)
  await client.connect()
  try {
    const { rows: columns } = await client.query<{ table: string; column: string; type: string }>(
      `select c.table_name as "table", c.column_name as "column", c.data_type as type
         from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
        where c.table_schema not in ('pg_catalog', 'information_schema') and t.table_type = 'BASE TABLE'
        order by 1, c.ordinal_position`,
    )
    const cells: Cell[] = []
    for (const { table, column, type } of columns) {
      const value = type === 'bytea' ? `"${column}"` : `convert_to("${column}"::text, 'UTF8')`
      const { rows } = await client.query<{ ctid: string; bytes: Buffer }>(
        `select ctid::text as ctid, ${value} as bytes from "${table}" t where "${column}" is not null order by t.ctid`,
      )
      cells.push(...rows.map((row) => ({ table, column, ...row })))
    }
    const rows: Loot[] = []
    for (const table of new Set(columns.map((one) => one.table))) {
      const found = await client.query<{ row: string }>(`select t::text as row from "${table}" t`)
      rows.push({ name: table, bytes: Buffer.from(found.rows.map(({ row }) => row).join('\n')) })
    }
    return { cells, rows }
  } finally {
    await client.end()
  }
}

/** Every file below a folder, with its name: names are read by a thief too. */
export function filesBelow(folder: string): Loot[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => join(entry.parentPath, entry.name))
    .flatMap((path) => {
      const name = relative(folder, path)
      const names = { name: `the name of ${name}`, bytes: Buffer.from(name) }
      return lstatSync(path).isFile() ? [names, { name, bytes: readFileSync(path) }] : [names]
    })
}

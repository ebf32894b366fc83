import { writeSync } from 'node:fs'
import { sql } from 'kysely'
import { DatabaseError, openDatabase } from '../index.ts'

// A program for the tests: opens the database in a folder, adds rows without end and says so after each, and waits to be
// killed. Arguments: folder, installation or nothing, how many rows to add before it closes and ends by itself.
const [directory = '', installation = '', count = 'Infinity'] = process.argv.slice(2)
const say = (line: string): void => {
  writeSync(1, `${line}\n`)
}

try {
  const { kysely, close } = await openDatabase({
    directory,
    ...(installation === '' ? {} : { installation }),
  })
  say('open')
  await sql`create table if not exists notes (note int8 primary key)`.execute(kysely)
  const { rows } = await sql<{ next: string }>`
    select coalesce(max(note) + 1, 0) as next from notes`.execute(kysely)
  const first = Number(rows[0]?.next)
  for (let note = first; note < first + Number(count); note++) {
    await sql`insert into notes values (${note})`.execute(kysely)
    say(`added ${note}`)
  }
  await close()
  say('closed')
} catch (error) {
  say(error instanceof DatabaseError ? error.code : String(error))
  process.exitCode = 1
}

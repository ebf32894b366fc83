import type { LogDatabase } from './database.ts'

/** A connection taken out of the pool until it is given back. */
export interface HeldConnection {
  readonly connection: LogDatabase
  giveBack(): Promise<void>
}

export async function holdConnection(database: LogDatabase): Promise<HeldConnection> {
  let end: () => void = () => undefined
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  return new Promise((resolve, reject) => {
    const using = database.connection().execute(async (connection) => {
      resolve({
        connection,
        giveBack: async () => {
          end()
          await using.catch(() => undefined)
        },
      })
      await ended
    })
    using.catch(reject)
  })
}

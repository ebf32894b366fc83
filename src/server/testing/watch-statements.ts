import type { CompiledQuery, KyselyPlugin } from 'kysely'
import type { Database } from '#node/db/index.ts'
import type { BandTables } from '../bands/index.ts'

/** Notes every statement as it goes to the server. */
export function watching({ kysely }: Database<BandTables>, seen: CompiledQuery[]): KyselyPlugin {
  return {
    transformQuery: ({ node, queryId }) => {
      seen.push(kysely.getExecutor().compileQuery(node, queryId))
      return node
    },
    transformResult: async ({ result }) => result,
  }
}

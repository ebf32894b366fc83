import { withCodedErrors } from '#node/db/index.ts'
import type { Db } from '../../database.ts'

/** Throws `DatabaseError` unless the database answers and is in the schema that this program works with. */
export async function assertDatabaseAnswers(db: Db): Promise<void> {
  await withCodedErrors(() => db.selectFrom('migrations').select('id').limit(1).execute())
}

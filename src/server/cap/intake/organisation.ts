import type { Db } from '../../database.ts'

/** Who the reports are for, and the public keys that vouch for its people; null before the organisation is set up. */
export async function readOrganisation(
  db: Db,
): Promise<{ readonly org: string; readonly rootKeys: string[] } | null> {
  const found = await db.selectFrom('organisation').select(['org', 'root_keys']).executeTakeFirst()
  return found === undefined ? null : { org: found.org, rootKeys: found.root_keys }
}

import * as z from 'zod/mini'

/*
 * A backup is one age file; in it a tar archive, in this order: `saksi-backup.json` (the form below), the tables in parts
 * of `COPY ... TO STDOUT` as text, `blobs/<key>`, `files/<name>`, and at the end `manifest.json`, which has the digest of
 * every member before it. Without it the archive was cut.
 */

export const HEADER_NAME = 'saksi-backup.json'
export const MANIFEST_NAME = 'manifest.json'
/** So much of a table is held at once. */
export const PART_BYTES = 4 * 2 ** 20
/** A part may end only where the database ends a chunk; a row is never longer than a sealed message. */
export const MAX_MEMBER_BYTES = 16 * 2 ** 20

const IDENTIFIER = z.string().check(z.regex(/^[a-z][a-z0-9_]{0,62}$/))
/** Keys, the state of the log, how far setting up is; never anything that PostgreSQL would read. */
const FILE_PATH = /^(keys|log)(\/[A-Za-z0-9][A-Za-z0-9._-]{0,99}){1,6}$|^setup\.json$/

export const headerSchema = z.strictObject({
  format: z.literal('saksi-backup/1'),
  /** Day on which it was made, UTC. */
  day: z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/)),
  /** Steps of the schema the database had been through. */
  migrations: z.array(z.string().check(z.maxLength(100))).check(z.maxLength(10_000)),
  /** Every table after those it points to. */
  tables: z
    .array(z.strictObject({ name: IDENTIFIER, columns: z.array(IDENTIFIER).check(z.maxLength(200)) }))
    .check(z.maxLength(1_000)),
})
export type BackupHeader = z.infer<typeof headerSchema>

export const manifestSchema = z.strictObject({
  members: z.int().check(z.gte(1)),
  /** SHA-256 over the lines `<digest of the member>  <name>\n` in their order. */
  sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  rows: z.record(IDENTIFIER, z.int().check(z.gte(0))),
  blobs: z.int().check(z.gte(0)),
  /** Sealed files that were erased while the backup was being made. */
  blobsGone: z.int().check(z.gte(0)),
})
export type BackupManifest = z.infer<typeof manifestSchema>

/** What a member holds, by its name; null when a backup has no such member. */
export function memberOf(
  name: string,
): { kind: 'table'; table: string } | { kind: 'blob'; key: string } | { kind: 'file'; name: string } | null {
  const [folder, first = '', second] = name.split('/')
  if (folder === 'tables' && /^\d{6}$/.test(second ?? '')) return { kind: 'table', table: first }
  if (folder === 'blobs' && second === undefined) return { kind: 'blob', key: first }
  const path = name.slice('files/'.length)
  if (folder === 'files' && FILE_PATH.test(path)) return { kind: 'file', name: path }
  return null
}

export const tablePartName = (table: string, part: number): string =>
  `tables/${table}/${String(part).padStart(6, '0')}`

import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { type Extract, extract } from 'tar-stream'
import type * as z from 'zod/mini'
import { AppError } from '#lib/errors/index.ts'
import { type AgeIdentity, type ByteSource, openStream } from '#lib/seal/index.ts'
import { BackupError, damaged } from './errors.ts'
import {
  type BackupHeader,
  type BackupManifest,
  HEADER_NAME,
  headerSchema,
  MANIFEST_NAME,
  MAX_MEMBER_BYTES,
  manifestSchema,
  memberOf,
} from './format.ts'

type Entry = Extract extends AsyncIterable<infer Member> ? Member : never

/** What is done with a backup as it is read. Nothing may be kept until `read` has returned. */
export interface BackupReader {
  header(header: BackupHeader): Promise<void>
  table(name: string, bytes: Uint8Array): Promise<void>
  blob(key: string, bytes: Uint8Array): Promise<void>
  file(name: string, bytes: Uint8Array): Promise<void>
}

/**
 * Reads a backup from beginning to end and hands its members to `reader`. Returns only when the whole is what was
 * written: age vouches for every byte, the manifest for every member. Throws `BackupError` BACKUP_DAMAGED, BACKUP_NEWER,
 * and what opening throws: `SEAL_NOT_FOR_THIS_KEY`.
 */
export async function readBackup(
  source: ByteSource,
  identity: AgeIdentity,
  reader: BackupReader,
): Promise<BackupManifest> {
  const archive = extract()
  const opened = Readable.from(openStream(source, identity))
  opened.on('error', (error) => archive.destroy(error))
  opened.pipe(archive)
  try {
    return await readMembers(archive, reader)
  } catch (error) {
    throw isOurs(error) ? error : damaged('it is not what a backup looks like', error)
  } finally {
    opened.destroy()
    archive.destroy()
  }
}

async function readMembers(archive: AsyncIterable<Entry>, reader: BackupReader): Promise<BackupManifest> {
  const seen = new Seen()
  for await (const entry of archive) {
    const { name } = entry.header
    const bytes = await wholeMember(entry)
    if (seen.manifest !== null) throw damaged('something follows its end')
    if (name === MANIFEST_NAME) seen.manifest = parse(manifestSchema, name, bytes)
    else {
      seen.add(name, bytes)
      await give(reader, seen.members === 1, name, bytes)
    }
  }
  return seen.complete()
}

async function give(reader: BackupReader, isFirst: boolean, name: string, bytes: Uint8Array): Promise<void> {
  if (isFirst !== (name === HEADER_NAME)) throw damaged('it does not begin as a backup does')
  if (isFirst) return reader.header(parse(headerSchema, name, bytes))
  const member = memberOf(name)
  if (member === null) throw damaged('it has a member that no backup has')
  if (member.kind === 'table') return reader.table(member.table, bytes)
  if (member.kind === 'blob') return reader.blob(member.key, bytes)
  return reader.file(member.name, bytes)
}

class Seen {
  readonly #digests = createHash('sha256')
  members = 0
  manifest: BackupManifest | null = null

  add(name: string, bytes: Uint8Array): void {
    this.members++
    this.#digests.update(`${createHash('sha256').update(bytes).digest('hex')}  ${name}\n`)
  }

  complete(): BackupManifest {
    if (this.manifest === null) throw damaged('it ends too early')
    const { members, sha256 } = this.manifest
    if (members !== this.members || sha256 !== this.#digests.digest('hex')) {
      throw damaged('its members are not those it was made with')
    }
    return this.manifest
  }
}

async function wholeMember(entry: Entry): Promise<Uint8Array> {
  const { size = 0, type } = entry.header
  if (type !== 'file' || size > MAX_MEMBER_BYTES) throw damaged('it has a member that no backup has')
  const pieces: Uint8Array[] = []
  for await (const piece of entry as AsyncIterable<Uint8Array>) pieces.push(piece)
  return Buffer.concat(pieces)
}

function parse<Schema extends z.ZodMiniType>(
  schema: Schema,
  name: string,
  bytes: Uint8Array,
): z.infer<Schema> {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    const format = typeof value === 'object' && value !== null && 'format' in value ? value.format : null
    if (typeof format === 'string' && /^saksi-backup\/\d+$/.test(format) && format !== 'saksi-backup/1') {
      throw new BackupError(
        'BACKUP_NEWER',
        'This backup was made by a newer Saksi. Nothing was put back. Install that Saksi and try again.',
      )
    }
    return schema.parse(value)
  } catch (error) {
    throw error instanceof BackupError ? error : damaged(`${name} in it cannot be read`, error)
  }
}

/** What says best what is wrong: our own words, and those of opening. A database that is lost is not the backup's fault. */
function isOurs(error: unknown): boolean {
  return error instanceof AppError || (error instanceof Error && 'severity' in error)
}

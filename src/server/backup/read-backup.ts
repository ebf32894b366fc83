import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { type Entry, extract } from 'tar-stream'
import type * as z from 'zod/mini'
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
  const members = members_(archive)
  opened.on('error', (error) => archive.destroy(error))
  opened.pipe(archive)
  try {
    return await readMembers(members, reader)
  } catch (error) {
    throw isOurs(error) ? error : damaged('it is not what a backup looks like', error)
  } finally {
    opened.destroy()
    archive.destroy()
  }
}

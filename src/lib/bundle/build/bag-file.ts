import { sha256, sha512 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '../../bytes/index.ts'
import { utf8 } from '../format/bytes.ts'
import { formatManifest, type ManifestAlgorithm } from '../format/manifest.ts'
import type { BagFile } from '../model.ts'

/** A file of the bag made here, before its digests are known. */
export interface MadeFile {
  path: string
  bytes: Uint8Array
}

/** Both digests of bytes, lower-case hexadecimal. A caller with faster code than JavaScript gives its own. */
export type DigestBytes = (bytes: Uint8Array) => { sha256: string; sha512: string }

export const digestInJavaScript: DigestBytes = (bytes) => ({
  sha256: bytesToHex(sha256(bytes)),
  sha512: bytesToHex(sha512(bytes)),
})

export function madeFile(path: string, content: string | Uint8Array): MadeFile {
  return { path, bytes: typeof content === 'string' ? utf8(content) : content }
}

/** The file as a manifest lists it. */
export function listedFile({ path, bytes }: MadeFile, digest: DigestBytes): BagFile {
  return { path, bytes, sizeBytes: bytes.length, ...digest(bytes) }
}

/** The manifest over files, as a file. */
export function manifestFile(
  path: string,
  algorithm: ManifestAlgorithm,
  files: readonly BagFile[],
): MadeFile {
  return madeFile(path, formatManifest(files.map((file) => ({ digest: file[algorithm], path: file.path }))))
}

import { sha256, sha512 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '../../bytes/index.ts'
import { utf8 } from '../format/bytes.ts'
import { formatManifest, type ManifestAlgorithm } from '../format/manifest.ts'
import type { BagFile } from '../model.ts'

/** A file of the bag made here. */
export function bagFile(path: string, content: string | Uint8Array): BagFile {
  const bytes = typeof content === 'string' ? utf8(content) : content
  return {
    path,
    bytes,
    sizeBytes: bytes.length,
    sha256: bytesToHex(sha256(bytes)),
    sha512: bytesToHex(sha512(bytes)),
  }
}

/** The manifest over files, as a file. */
export function manifestFile(path: string, algorithm: ManifestAlgorithm, files: readonly BagFile[]): BagFile {
  return bagFile(path, formatManifest(files.map((file) => ({ digest: file[algorithm], path: file.path }))))
}

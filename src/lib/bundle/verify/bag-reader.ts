/** Something a folder may hold. `other` is whatever is neither a plain file nor a folder: links, devices, pipes. */
export interface BagEntry {
  path: string
  kind: 'file' | 'folder' | 'other'
  sizeBytes: number
}

/** A bag as it lies in a folder or an archive. Nothing is written to it. */
export interface BagReader {
  /** Everything below the bag's folder, the folder itself left out. */
  entries(): Promise<readonly BagEntry[]>
  /** A small file. Rejects when it is missing or larger than `maxBytes`. */
  read(path: string, maxBytes: number): Promise<Uint8Array>
  /** Both digests of a file of any size, lower-case hexadecimal. */
  digest(path: string): Promise<{ sha256: string; sha512: string }>
}

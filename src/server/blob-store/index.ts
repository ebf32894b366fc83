export { DirectoryStore } from './directory-store.ts'
export { type BlobStore, blobIdOf } from './port.ts'

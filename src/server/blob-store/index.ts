export { type BlobStore, blobIdOf, DirectoryStore } from './directory-store.ts'

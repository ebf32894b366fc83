export { DirectoryStore } from './directory-store.ts'
export { type BlobSettings, type OpenedBlobStore, openBlobStore } from './open-blob-store.ts'
export { type BlobStore, blobIdOf } from './port.ts'
export type { S3Credentials, S3Place } from './s3-store.ts'

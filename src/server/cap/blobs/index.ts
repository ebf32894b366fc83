export { type BlobsDependencies, blobsRoutes } from './routes.ts'
export { EXPIRE_JOB, expireJob, SWEEP_JOB, sweepJob } from './upkeep.ts'

export { addJob, type JobHandler, type JobKind, type JobPayload, Jobs } from './jobs.ts'

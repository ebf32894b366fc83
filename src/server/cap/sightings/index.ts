export { EXPIRE_SIGHTINGS_JOB, expireSightingsJob, MATCH_JOB, matchJob } from './match.ts'
export { type SightingsDependencies, sightingsRoutes } from './routes.ts'

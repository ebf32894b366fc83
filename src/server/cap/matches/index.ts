export { PUBLISH_JOB, publishJob } from './publish.ts'
export { type MatchesDependencies, matchesRoutes } from './routes.ts'

export { type IntakeDependencies, intakeRoutes } from './routes.ts'

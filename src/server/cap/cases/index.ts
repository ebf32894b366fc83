export { casesRoutes } from './routes.ts'

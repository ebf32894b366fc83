export { checkSolution, type PuzzleDependencies } from './puzzles.ts'
export { type IntakeDependencies, intakeRoutes } from './routes.ts'
export { spendSolution } from './store.ts'

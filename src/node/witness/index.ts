export { addLog } from './known-logs.ts'
export { makeStateFolders } from './seen-checkpoints.ts'
export { type RunningWitness, type ServeWitnessOptions, serveWitness } from './serve.ts'

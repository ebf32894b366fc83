export { isHostilePath } from './hostile-path.ts'
export { inspectTelegramJson } from './inspect.ts'
export { readTelegramJson } from './reader.ts'

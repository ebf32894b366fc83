export { isHostilePath, refusalOf } from './hostile-path.ts'
export { inspectTelegramJson } from './inspect.ts'
export { readTelegramJson } from './reader.ts'

export type { Asked } from './ask.ts'
export { type Again, askAgain } from './ask-again.ts'
export { type Collection, type CollectionResult, collectExport } from './collect-export.ts'
export type { Keeping } from './kept-file.ts'

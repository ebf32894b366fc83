export type { DecodeMode } from './decode-picture.ts'
export { DecodePool } from './decode-pool.ts'
export { DecodeError } from './errors.ts'
export type {
  MadeWindows,
  PictureJob,
  PictureRecord,
  PictureResult,
  PrintPlan,
  PrintRecord,
  ServerPlan,
  SightingForm,
  WindowHitRecord,
  WindowSet,
  WindowSighting,
} from './picture-job.ts'
export { type PictureWindows, WindowTable } from './window-table.ts'

import { AppError } from '../errors/index.ts'

export const SCENE_ERROR_CODES = ['SIZE_RANGE', 'RECT_OUTSIDE', 'SEED_FORM'] as const

export type SceneErrorCode = (typeof SCENE_ERROR_CODES)[number]

/** A drawing or an edit was asked for with sizes, a rectangle or a seed that make no picture. */
export class SceneError extends AppError<SceneErrorCode> {}

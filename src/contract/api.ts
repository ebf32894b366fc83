import { health } from './health.ts'
import type { Operation } from './operation.ts'

/** Every operation by capability. A new capability is added here and in `src/server/app.ts`, nowhere else. */
export const API = { health } as const satisfies Record<string, Record<string, Operation>>

export type Api = typeof API

/** All operations in one list. */
export function allOperations(): readonly Operation[] {
  return Object.values(API).flatMap((capability): readonly Operation[] => Object.values(capability))
}

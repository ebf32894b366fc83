import { bank } from './bank.ts'
import { blobs } from './blobs.ts'
import { cases } from './cases.ts'
import { health } from './health.ts'
import { intake } from './intake.ts'
import { invites } from './invites.ts'
import { mailbox } from './mailbox.ts'
import { matches } from './matches.ts'
import { members } from './members.ts'
import type { Operation } from './operation.ts'
import { passkeys } from './passkeys.ts'
import { sightings } from './sightings.ts'

/** Every operation by capability. A new capability is added here and in `src/server/app.ts`, nowhere else. */
export const API = {
  health,
  intake,
  mailbox,
  blobs,
  bank,
  sightings,
  invites,
  matches,
  members,
  passkeys,
  cases,
} as const satisfies Record<string, Record<string, Operation>>

export type Api = typeof API

/** All operations in one list. */
export function allOperations(): readonly Operation[] {
  return Object.values(API).flatMap((capability): readonly Operation[] => Object.values(capability))
}

import { setTimeout as sleep } from 'node:timers/promises'
import { CallError, type Client, createClient, type NewOrganisation } from '../../../client/index.ts'
import type { Survivor } from '../reports.ts'
import type { ServerProcess } from '../server-process.ts'

/** What a survivor was told is kept. */
export interface KeptCase {
  readonly survivor: Survivor
  /** The signed interim receipt. */
  readonly receipt: string
  readonly items: string[]
  /** Sealed replies of staff, by id. */
  readonly replies: Map<string, string>
  readonly files: { readonly id: string; readonly bytes: Uint8Array }[]
  isErased: boolean
}

/** Sealed bodies by id, as base64. */
export type KeptBodies = Map<string, string>

/** The server of the moment, what it said it keeps, and whether to go on. */
export interface Stage {
  server: ServerProcess
  isOver: boolean
  readonly organisation: NewOrganisation
  readonly session: string
  readonly cases: KeptCase[]
  readonly sightings: KeptBodies
  readonly sets: KeptBodies
}

const TO_BE_TRIED_AGAIN = new Set(['CLIENT_NO_ANSWER', 'CLIENT_BAD_ANSWER', 'UNAVAILABLE'])

/** Does it until it is acknowledged, as a client in use would: the very same, against whatever server is there. */
export async function persist<Result>(
  stage: Pick<Stage, 'server'>,
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  for (;;) {
    try {
      return await work(createClient({ baseUrl: stage.server.url }))
    } catch (error) {
      if (!(error instanceof CallError) || !TO_BE_TRIED_AGAIN.has(error.code)) throw error
      await sleep(20)
    }
  }
}

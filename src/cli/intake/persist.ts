import { setTimeout as sleep } from 'node:timers/promises'
import { CallError, type Persist } from '#client/index.ts'
import type { CliContext } from '../context.ts'

/** Refusals after which the same may be sent again: nobody refused what was sent, only the moment. */
const AGAIN: ReadonlySet<string> = new Set([
  'CLIENT_NO_ANSWER',
  'UNAVAILABLE',
  'INTERNAL',
  'RATE_LIMITED',
  'INTAKE_BUSY',
  'SIGHTINGS_BUSY',
  'INVITES_BUSY',
  'POW_STALE',
  'POW_REQUIRED',
])

const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 30_000

/** How long a request is sent again before it is given up; bad lines come back within minutes, or not. */
const USUAL_PATIENCE_MS = 120_000

/** Sends a request again, after longer and longer waits, until it is answered or `patienceMs` are over. */
export function patient(
  { signal, nowMs, note }: Pick<CliContext, 'signal' | 'nowMs' | 'note'>,
  patienceMs = USUAL_PATIENCE_MS,
): Persist {
  return async (send) => {
    const endMs = nowMs() + patienceMs
    for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)) {
      signal.throwIfAborted()
      try {
        return await send()
      } catch (error) {
        signal.throwIfAborted()
        const mayTry = error instanceof CallError && AGAIN.has(error.code)
        if (!mayTry || nowMs() + waitMs > endMs) throw error
        note(
          `${reasonOf(error)} Trying again in ${Math.ceil(waitMs / 1_000)} s; what was kept is not sent twice.`,
        )
      }
      await sleep(waitMs, undefined, { signal })
    }
  }
}

function reasonOf({ code }: CallError): string {
  if (code === 'CLIENT_NO_ANSWER') return 'The server did not answer.'
  return code.startsWith('POW_') ? 'The server asks for more work first.' : 'The server is busy.'
}

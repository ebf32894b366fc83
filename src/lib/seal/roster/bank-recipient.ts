import { SealError } from '../errors.ts'
import type { VerifiedRoster } from './verify-roster.ts'

/**
 * To whom prints are sealed, as two officers have signed it: never what a server says. Throws `ROSTER_NO_BANK` for an
 * organisation that keeps no prints.
 */
export function bankRecipient({ roster }: VerifiedRoster): string {
  if (roster.bank === undefined)
    throw new SealError(
      'ROSTER_NO_BANK',
      'This organisation keeps no fingerprints of pictures. Nothing was sent.',
    )
  return roster.bank.age
}

import { SealError } from '../errors.ts'

/** Refuses (`SEAL_INPUT`) what is not exactly so many bytes. `what` names it for the message. */
export function checkLength(bytes: Uint8Array, lengthBytes: number, what: string): void {
  if (!(bytes instanceof Uint8Array) || bytes.length !== lengthBytes)
    throw new SealError('SEAL_INPUT', `${what} is not ${lengthBytes} bytes long.`)
}

/** Refuses (`SEAL_INPUT`) what is not a whole number from `least` to `most`. */
export function checkWhole(value: number, least: number, most: number, what: string): void {
  if (!Number.isSafeInteger(value) || value < least || value > most)
    throw new SealError('SEAL_INPUT', `${what} is not a whole number from ${least} to ${most}.`)
}

import { RadiusError } from './errors.ts'
import { FINGERPRINT_BYTES } from './permutation.ts'
import { MAX_RADIUS } from './plan.ts'

/** Refuses anything but 32 bytes (BAD_LENGTH). */
export function assertFingerprint(fingerprint: Uint8Array): void {
  if (!(fingerprint instanceof Uint8Array) || fingerprint.length !== FINGERPRINT_BYTES) {
    throw new RadiusError('BAD_LENGTH', 'A fingerprint is 32 bytes.')
  }
}

/** Refuses anything but a whole number of fingerprints (BAD_LENGTH). */
export function assertFingerprints(fingerprints: Uint8Array): void {
  if (!(fingerprints instanceof Uint8Array) || fingerprints.length % FINGERPRINT_BYTES !== 0) {
    throw new RadiusError('BAD_LENGTH', 'Each fingerprint is 32 bytes.')
  }
}

/** Refuses anything but a whole number from 0 to 31 (BAD_RADIUS). */
export function assertRadius(radius: number): void {
  if (!Number.isInteger(radius) || radius < 0 || radius > MAX_RADIUS) {
    throw new RadiusError('BAD_RADIUS', `The radius is a whole number from 0 to ${MAX_RADIUS}.`)
  }
}

export function isId(id: number): boolean {
  return Number.isInteger(id) && id >= 0 && id <= 0xffffffff
}

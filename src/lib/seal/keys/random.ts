/** A source of unpredictable bytes. Tests pass their own; everything else passes `systemRandom`. */
export type RandomBytes = (lengthBytes: number) => Uint8Array

/** Unpredictable bytes of the runtime's own generator (Web Crypto), at most 65,536 at once. */
export const systemRandom: RandomBytes = (lengthBytes) => crypto.getRandomValues(new Uint8Array(lengthBytes))

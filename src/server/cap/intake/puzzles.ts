import type { Puzzle } from '#contract/intake.ts'
import { checkWork } from '#lib/seal/index.ts'
import type { Clock } from '../../clock.ts'
import { Refused } from '../../errors.ts'
import type { RateLimits } from '../../limits/rate-limits.ts'
import type { Tokens } from '../../tokens.ts'

const LIFE_MS = 15 * 60_000
const BITS = 18
const LOW_POWER_BITS = 16
const HARDEST_BITS = 22
/** From so many times the limit of reports a minute on, none is taken. */
const TOO_MUCH = 4

export interface PuzzleDependencies {
  readonly clock: Clock
  readonly limits: RateLimits
  readonly puzzles: Tokens
  /** Zero bits asked for when nothing is going on: 18, or less for tests under load. */
  readonly baseBits?: number
}

/** A puzzle for whoever asks; harder when much comes in, or when much came from the same place. */
export function newPuzzle(
  dependencies: PuzzleDependencies,
  random: (bytes: number) => Uint8Array,
  ask: { readonly address: string; readonly lowPower: boolean },
): Puzzle {
  const nonce = Buffer.from(random(16))
  const bits = bitsFor(dependencies, ask)
  const expires = Math.floor((dependencies.clock.now().getTime() + LIFE_MS) / 1_000)
  return {
    nonce: nonce.toString('hex'),
    bits,
    expires,
    mac: dependencies.puzzles.mac(signed(nonce, bits, expires)).toString('hex'),
  }
}

/**
 * Checks a solution, but not yet whether it was used before. Throws POW_STALE when it is not ours or too old, and
 * POW_REQUIRED when it is no solution or a harder one is asked for by now.
 */
export function checkSolution(
  dependencies: PuzzleDependencies,
  solution: Puzzle & { readonly counter: number },
  address: string,
): void {
  const nonce = Buffer.from(solution.nonce, 'hex')
  const payload = signed(nonce, solution.bits, solution.expires)
  const isOurs = dependencies.puzzles.isOurs(payload, Buffer.from(solution.mac, 'hex'))
  if (!isOurs || solution.expires * 1_000 < dependencies.clock.now().getTime()) throw new Refused('POW_STALE')
  const asked = bitsFor(dependencies, { address, lowPower: true })
  if (solution.bits < asked) throw new Refused('POW_REQUIRED')
  try {
    checkWork({ nonce, bits: solution.bits }, solution.counter)
  } catch (cause) {
    throw new Refused('POW_REQUIRED', { cause })
  }
}

/** Throws INTAKE_BUSY when far more comes in than the limits foresee. */
export function assertNotFlooded(limits: RateLimits): void {
  if (limits.pressure > TOO_MUCH) throw new Refused('INTAKE_BUSY')
}

function bitsFor(
  { limits, baseBits = BITS }: PuzzleDependencies,
  { address, lowPower }: { readonly address: string; readonly lowPower: boolean },
): number {
  if (limits.countOf('open', address) >= limits.settings.opensPerHour) return HARDEST_BITS
  const base = lowPower ? baseBits - (BITS - LOW_POWER_BITS) : baseBits
  return Math.max(1, base) + (limits.pressure >= 2 ? 4 : limits.pressure >= 1 ? 2 : 0)
}

function signed(nonce: Buffer, bits: number, expires: number): Buffer {
  const payload = Buffer.alloc(16 + 1 + 4)
  payload.set(nonce)
  payload.writeUInt8(bits, 16)
  payload.writeUInt32BE(expires, 17)
  return payload
}

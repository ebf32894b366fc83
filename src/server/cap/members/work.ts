import type { Puzzle } from '#contract/intake.ts'
import { checkWork } from '#lib/seal/index.ts'
import type { Db } from '../../database.ts'
import { Refused } from '../../errors.ts'
import { spendSolution } from '../intake/index.ts'
import type { MembersDependencies } from './dependencies.ts'

const LIFE_MS = 15 * 60_000
const USUAL_BITS = 18
/** So many more than a report costs: 22 when a report costs 18. */
const HARDER_BITS = 4

type Means = Pick<MembersDependencies, 'clock' | 'puzzles' | 'random' | 'baseBits'>

/** The puzzle that is asked for after too many failures. */
export function newWork({ clock, puzzles, random, baseBits = USUAL_BITS }: Means): Puzzle {
  const nonce = Buffer.from(random(16))
  const bits = baseBits + HARDER_BITS
  const expires = Math.floor((clock.now().getTime() + LIFE_MS) / 1_000)
  const mac = puzzles.mac(signed(nonce, bits, expires)).toString('hex')
  return { nonce: nonce.toString('hex'), bits, expires, mac }
}

/** Uses a solution up. Throws STAFF_WORK unless it is one of a puzzle of ours, fresh and not used before. */
export async function spendWork(
  db: Db,
  { clock, puzzles, baseBits = USUAL_BITS }: Means,
  solution: (Puzzle & { readonly counter: number }) | null,
): Promise<void> {
  if (solution === null) throw new Refused('STAFF_WORK')
  const { bits, expires, counter } = solution
  const nonce = Buffer.from(solution.nonce, 'hex')
  const isOurs = puzzles.isOurs(signed(nonce, bits, expires), Buffer.from(solution.mac, 'hex'))
  if (!isOurs || bits < baseBits + HARDER_BITS || expires * 1_000 < clock.now().getTime()) {
    throw new Refused('STAFF_WORK')
  }
  try {
    checkWork({ nonce, bits }, counter)
  } catch (cause) {
    throw new Refused('STAFF_WORK', { cause })
  }
  if (!(await spendSolution(db, solution))) throw new Refused('STAFF_WORK')
}

/** Never the bytes of a puzzle for reports: a solution of one is none of the other. */
function signed(nonce: Buffer, bits: number, expires: number): Buffer {
  const rest = Buffer.alloc(5)
  rest.writeUInt8(bits, 0)
  rest.writeUInt32BE(expires, 1)
  return Buffer.concat([Buffer.from('staff\n'), nonce, rest])
}

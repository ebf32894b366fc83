import { bytesToBase64 } from '../../bytes/index.ts'
import { TlogError } from '../errors.ts'
import { commitmentOf, type Opening } from './opening.ts'

/**
 * Returns when the openings are one custody chain without a gap: the same chain id, numbered from 0, each naming the
 * commitment of the one before. So none was left out between the first and the last. What comes after the last, nobody
 * can tell from the chain alone. Throws `RECORD_CHAIN`, and what `commitmentOf` throws.
 */
export function verifyChain(openings: readonly Opening[]): void {
  const id = openings[0]?.record.chain?.id
  let previous: string | undefined
  openings.forEach((opening, n) => {
    const { chain } = opening.record
    if (chain === undefined || chain.id !== id) throw broken(n, 'belongs to another chain')
    if (chain.n !== n) throw broken(n, `has the number ${chain.n}`)
    if (chain.prev !== previous) throw broken(n, 'follows from another record')
    previous = bytesToBase64(commitmentOf(opening))
  })
}

function broken(n: number, what: string): TlogError {
  return new TlogError('RECORD_CHAIN', `record ${n} of the chain ${what}`)
}

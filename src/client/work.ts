import type { Puzzle } from '#contract/intake.ts'
import { hexToBytes } from '#lib/bytes/index.ts'
import { solveWork } from '#lib/seal/index.ts'
import type { Client } from './client.ts'
import type { SolvePuzzle } from './report.ts'

/** Finds the counters of puzzles here, giving way to other work between slices, until `signal` calls it off. */
export function puzzleSolver(signal?: AbortSignal): SolvePuzzle {
  return ({ nonce, bits }) =>
    solveWork({ nonce: hexToBytes(nonce) ?? new Uint8Array(0), bits }, signal === undefined ? {} : { signal })
}

/** A puzzle of the server with its solution: what a request that anybody may send begins with. */
export async function solvedPuzzle(
  client: Client,
  solve: SolvePuzzle,
): Promise<Puzzle & { readonly counter: number }> {
  const puzzle = await client.intake.challenge({ lowPower: true })
  return { ...puzzle, counter: await solve(puzzle) }
}

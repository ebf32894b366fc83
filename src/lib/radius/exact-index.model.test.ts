import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ExactIndex, type ExactIndexOptions } from './index.ts'
import { bruteForce, flipBits, randomWords } from './testing.ts'

type Model = Map<number, Uint8Array>
interface Real {
  index: ExactIndex
  readonly options: ExactIndexOptions
}
type Command = fc.Command<Model, Real>

function addCommand(id: number, print: Uint8Array): Command {
  return {
    check: () => true,
    run(model, { index }) {
      if (model.has(id))
        expect(() => index.add(id, print)).toThrow(expect.objectContaining({ code: 'DUPLICATE_ID' }))
      else index.add(id, print)
      if (!model.has(id)) model.set(id, print)
    },
    toString: () => `add(${id})`,
  }
}

function addManyCommand(ids: number[], print: Uint8Array): Command {
  return {
    check: (model) => ids.every((id) => !model.has(id)),
    run(model, { index }) {
      const next = randomWords(ids.length)
      const rows = ids.map((id) => [id, flipBits(print, next() % 40, next)] as const)
      const joined = new Uint8Array(ids.length * 32)
      rows.forEach(([, row], n) => {
        joined.set(row, n * 32)
      })
      index.addMany(ids, joined)
      for (const [id, row] of rows) model.set(id, row)
    },
    toString: () => `addMany(${ids.join()})`,
  }
}

function removeCommand(id: number): Command {
  return {
    check: () => true,
    run(model, { index }) {
      expect(index.remove(id)).toBe(model.delete(id))
    },
    toString: () => `remove(${id})`,
  }
}

function queryCommand(print: Uint8Array, flips: number, radius: number): Command {
  return {
    check: () => true,
    run(model, { index }) {
      const known = [...model.values()][flips % Math.max(1, model.size)] ?? print
      for (const query of [print, flipBits(known, flips, randomWords(flips + 1))]) {
        expect(index.query(query, radius)).toEqual(bruteForce(model, query, radius))
      }
      expect(index.size).toBe(model.size)
    },
    toString: () => `query(${flips}, ${radius})`,
  }
}

/** Begins a rebuild, goes on with the one that runs, or gives it up. */
function rebuildCommand(kind: 'merge' | 'compact' | 'abandon', work: number): Command {
  return {
    check: () => true,
    run(model, { index }) {
      const rebuild = index.prepareRebuild(kind === 'compact')
      if (kind === 'abandon') rebuild?.abandon()
      else rebuild?.step(work)
      expect(index.size).toBe(model.size)
    },
    toString: () => `rebuild(${kind}, ${work})`,
  }
}

function reloadCommand(): Command {
  return {
    check: () => true,
    run(_model, real) {
      real.index = ExactIndex.load(real.index.snapshot(), real.options)
    },
    toString: () => 'reload',
  }
}

const id = fc.integer({ min: 0, max: 60 })
// Few different bytes: rows that are equal or near each other are common.
const crowded = fc.uint8Array({ minLength: 32, maxLength: 32, max: 1 })
const print = fc.oneof(fc.uint8Array({ minLength: 32, maxLength: 32 }), crowded)

it.each([
  { flatRows: 3, chunks: 32 },
  { flatRows: 3, chunks: 20, layout: 'lean' },
  { flatRows: 2, chunks: 16, segmentRows: 30, rebuilds: 'by-host' },
  { flatRows: 4, layout: 'flat' },
  {},
] satisfies ExactIndexOptions[])(
  'agrees with a plain map through any sequence of additions, removals, queries and reloads, with %j',
  (options) => {
    const commands = fc.commands(
      [
        fc.tuple(id, print).map(([n, row]) => addCommand(n, row)),
        fc.tuple(id, print).map(([n, row]) => addCommand(n, row)),
        fc
          .tuple(fc.uniqueArray(fc.integer({ min: 61, max: 5_000 }), { maxLength: 20 }), print)
          .map(([ids, row]) => addManyCommand(ids, row)),
        id.map(removeCommand),
        fc
          .tuple(print, fc.nat(40), fc.nat(31))
          .map(([row, flips, radius]) => queryCommand(row, flips, radius)),
        fc
          .tuple(fc.constantFrom('merge', 'compact', 'abandon'), fc.constantFrom(1, 50, 100_000))
          .map(([kind, work]) => rebuildCommand(kind, work)),
        fc.constant(reloadCommand()),
      ],
      { maxCommands: 120, size: 'max' },
    )
    fc.assert(
      fc.property(commands, (sequence) => {
        fc.modelRun(() => ({ model: new Map(), real: { index: new ExactIndex(options), options } }), sequence)
      }),
      { numRuns: 40 },
    )
  },
)

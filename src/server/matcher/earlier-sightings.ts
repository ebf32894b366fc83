import { ExactIndex } from '#lib/radius/index.ts'
import type { PrintScope, Sighting } from '#lib/seal/index.ts'

/** A picture seen before that looks like a print, and how it lies. */
export interface EarlierSighting {
  readonly sightingId: Uint8Array
  readonly contextKey: Uint8Array
  readonly scope: PrintScope
  readonly distance: number
  /** Index into `ORIENTATIONS`. */
  readonly orientation: number
}

const PRINT_BYTES = 32

/** Pictures that were seen, by the prints of the whole of them in every orientation, for what is registered later. */
export class EarlierSightings {
  #index = new ExactIndex()
  #next = 0
  readonly #byPrint = new Map<number, Omit<EarlierSighting, 'distance'>>()
  readonly #printsOf = new Map<string, number[]>()

  clear(): void {
    this.#index = new ExactIndex()
    this.#next = 0
    this.#byPrint.clear()
    this.#printsOf.clear()
  }

  add(sightingId: Uint8Array, { contextKey, scope, prints }: Sighting): void {
    const key = Buffer.from(sightingId).toString('hex')
    if (this.#printsOf.has(key)) return
    const added: number[] = []
    for (const { prints: turned } of prints.filter(({ place }) => place === null)) {
      for (let orientation = 0; (orientation + 1) * PRINT_BYTES <= turned.length; orientation++) {
        const id = this.#next++
        this.#index.add(id, turned.subarray(orientation * PRINT_BYTES, (orientation + 1) * PRINT_BYTES))
        this.#byPrint.set(id, { sightingId, contextKey, scope, orientation })
        added.push(id)
      }
    }
    this.#printsOf.set(key, added)
  }

  remove(sightingId: Uint8Array): void {
    const key = Buffer.from(sightingId).toString('hex')
    for (const id of this.#printsOf.get(key) ?? []) {
      this.#index.remove(id)
      this.#byPrint.delete(id)
    }
    this.#printsOf.delete(key)
  }

  /** Each sighting once, with the orientation that is nearest. */
  ask(print: Uint8Array): EarlierSighting[] {
    const nearest = new Map<string, EarlierSighting>()
    for (const { id, distance } of this.#index.query(print)) {
      const seen = this.#byPrint.get(id)
      if (!seen) continue
      const key = Buffer.from(seen.sightingId).toString('hex')
      if (!nearest.has(key)) nearest.set(key, { ...seen, distance })
    }
    return [...nearest.values()]
  }
}

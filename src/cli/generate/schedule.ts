import type { Random } from '#lib/scenes/index.ts'

/** What stands at one place of the export. */
export type Slot =
  | { type: 'picture'; index: number }
  | { type: 'planned'; index: number }
  | { type: 'filler' }

/** Spreads pictures and planned texts evenly by chance over the places; each kind keeps its order and all are placed. */
export class Schedule {
  private places: number
  private pictures: number
  private planned: number
  private readonly pictureCount: number
  private readonly plannedCount: number
  private readonly random: Random

  /** `places` >= `pictures + planned`. */
  constructor(random: Random, places: number, pictures: number, planned: number) {
    this.random = random
    this.places = places
    this.pictures = this.pictureCount = pictures
    this.planned = this.plannedCount = planned
  }

  /** To be called `places` times. */
  next(): Slot {
    const at = this.random.below(this.places--)
    if (at < this.pictures) return { type: 'picture', index: this.pictureCount - this.pictures-- }
    if (at < this.pictures + this.planned)
      return { type: 'planned', index: this.plannedCount - this.planned-- }
    return { type: 'filler' }
  }
}

/** `count` different numbers of 0..`end`-1 that are not in `taken`, which they join. */
export function pickFree(random: Random, end: number, count: number, taken: Set<number>): number[] {
  const picked: number[] = []
  while (picked.length < count && taken.size < end) {
    const number = random.below(end)
    if (taken.has(number)) continue
    taken.add(number)
    picked.push(number)
  }
  return picked
}

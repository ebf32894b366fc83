import type { Random } from '#lib/scenes/index.ts'
import type { EditKind } from './edit-kinds.ts'
import type { PlannedEvent, Settings } from './options.ts'
import { pickFree } from './schedule.ts'
import { randomFor } from './streams.ts'
import type { PictureState } from './truth.ts'

/** One picture message. `edit` null: a picture of nobody. */
export interface PlannedPicture {
  scene: number
  entry: string | null
  edit: EditKind | null
  forwardedFrom: string | null
  state: PictureState
}

export type PlannedText =
  | PlannedEvent
  | { type: 'identifier'; index: number }
  | { type: 'ctrl' }
  | { type: 'ls' }

/** What the pictures of an export are, in order, looked up by index so that a million of them need no memory. */
export function planPictures(settings: Settings): (index: number) => PlannedPicture {
  const random = randomFor(settings.seed, '/media')
  const taken = new Set<number>()
  const special = new Map<number, Partial<PlannedPicture>>()
  for (const plant of settings.plant) {
    const places = pickFree(random, settings.pictures, plant.edits.length, taken)
    plant.edits.forEach((edit, i) => {
      special.set(places[i] ?? 0, {
        scene: plant.scene,
        entry: plant.entry,
        edit,
        forwardedFrom: plant.forwardedFrom ?? null,
        state: plant.state ?? 'present',
      })
    })
  }
  const states = [
    ['missing', settings.faults.missing],
    ['not-included', settings.faults['not-included']],
    ['damaged', settings.faults['truncated-jpeg']],
  ] as const
  for (const [state, count] of states) {
    for (const place of pickFree(random, settings.pictures, count, taken)) special.set(place, { state })
  }
  // Far above scene seeds a person would choose to plant.
  const firstScene = 2 ** 32 + random.next() * 2 ** 20
  return (index) => ({
    scene: unrelatedScene(settings.seed, firstScene, index),
    entry: null,
    edit: null,
    forwardedFrom: null,
    state: 'present',
    ...special.get(index),
  })
}

/** Now and then somebody posts an earlier picture again. */
function unrelatedScene(seed: string, firstScene: number, index: number): number {
  const isRepeat = index >= 40 && index % 40 === 0
  return firstScene + (isRepeat ? randomFor(seed, `/repeat/${index}`).below(index) : index)
}

/** Planned texts: events in their order, among them identifiers and faulty texts by chance. */
export function planTexts(settings: Settings, random: Random): PlannedText[] {
  const others: PlannedText[] = [
    ...Array.from({ length: settings.identifiers }, (_, index) => ({ type: 'identifier', index }) as const),
    ...Array.from({ length: settings.faults.ctrl }, () => ({ type: 'ctrl' }) as const),
    ...Array.from({ length: settings.faults.ls }, () => ({ type: 'ls' }) as const),
  ]
  shuffle(others, random)
  const texts: PlannedText[] = []
  const events = [...settings.events]
  while (events.length + others.length > 0) {
    const isEvent = random.below(events.length + others.length) < events.length
    const text = isEvent ? events.shift() : others.pop()
    if (text !== undefined) texts.push(text)
    // A pin belongs right after what it pins.
    if (isEvent && events[0]?.type === 'pin') texts.push(...events.splice(0, 1))
  }
  return texts
}

function shuffle<T>(items: T[], random: Random): void {
  for (let i = items.length - 1; i > 0; i--) {
    const other = random.below(i + 1)
    const kept = items[i]
    const moved = items[other]
    if (kept === undefined || moved === undefined) continue
    items[i] = moved
    items[other] = kept
  }
}

/** The centre of a blob in pixels of the plane, and how far it stands out. */
export interface Anchor {
  readonly cx: number
  readonly cy: number
  readonly strength: number
}

/** Whether the window around a place shows mostly ground: see `groundOf`. */
export type IsGround = (cx: number, cy: number) => boolean

/** Of the places asked for, those on the ground get this share at most. It is more than is registered of any size. */
const GROUND_SHARE = 0.5

export interface StrongestAnchors {
  /** Takes a blob into account. Of equally strong ones the first offered is kept. */
  offer(cx: number, cy: number, strength: number): void
  /** The strongest blobs, those on the ground after all others. */
  kept(): Anchor[]
}

/**
 * Keeps the `cap` strongest of the blobs offered. Blobs on the ground have the places that the others leave, up to half of
 * all: letters and bubbles of a chat are far stronger than what a picture in it is made of.
 */
export function strongestAnchors(cap: number, isGround: IsGround | null): StrongestAnchors {
  const own: Anchor[] = []
  const onGround: Anchor[] = []
  const groundCap = Math.round(cap * GROUND_SHARE)
  return {
    offer(cx, cy, strength) {
      // Once the others fill all places the ground has none, and it stays so.
      if (own.length === cap && strength <= (own[cap - 1]?.strength ?? 0)) return
      if (!isGround?.(cx, cy)) insert(own, cap, { cx, cy, strength })
      else if (own.length < cap) insert(onGround, groundCap, { cx, cy, strength })
    },
    kept: () => [...own, ...onGround.slice(0, cap - own.length)],
  }
}

function insert(kept: Anchor[], cap: number, anchor: Anchor): void {
  if (kept.length === cap) {
    if (cap === 0 || anchor.strength <= (kept[cap - 1]?.strength ?? 0)) return
    kept.pop()
  }
  let place = kept.length
  while (place > 0 && (kept[place - 1]?.strength ?? 0) < anchor.strength) place--
  kept.splice(place, 0, anchor)
}

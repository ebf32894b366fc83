import type { Area, Caps } from './anchors.ts'
import type { LumaPlane } from './luma.ts'
import type { Window } from './sampler.ts'
import type { Anchor, IsGround } from './strongest.ts'

/** Kernels differ in speed and in rounding: at most 6 bits of a print. */
export interface WindowKernel {
  /** Takes a picture in; the plane is not changed. Whoever opens it closes it, also when something fails. */
  open(plane: LumaPlane): OpenPicture
}

/** All lengths in pixels of the plane. */
export interface OpenPicture {
  /**
   * Centres for windows of this side that lie fully inside the region: those of channel 0, then those of channel 1; of each
   * the strongest, those on the ground last and at most half of the cap.
   */
  anchors(side: number, region: Area, caps: Caps, isGround?: IsGround | null): Anchor[]
  /** The prints of a window, or null when it is flat: all its coefficients are zero up to rounding. */
  print(window: Window): WindowPrint | null
  /** Forgets the picture. */
  close(): void
}

export interface WindowPrint {
  /** 8 x 32 bytes: the window turned and mirrored in the ways of `ORIENTATIONS`, in that order. */
  readonly hashes: Uint8Array
  /** 0..100. */
  readonly quality: number
}

import { HASH_BYTES } from '../hash.ts'
import { ORIENTATIONS, TURNS, turnCoefficients } from '../orientation.ts'
import { printOf } from '../print.ts'
import { spectrumOf } from '../spectrum.ts'
import { type Area, anchorPlan, type Caps, findAnchors, gradientOf } from './anchors.ts'
import type { LumaPlane } from './luma.ts'
import { pyramidOf } from './pyramid.ts'
import { sampleWindow, type Window } from './sampler.ts'
import type { Anchor, IsGround } from './strongest.ts'
import type { OpenPicture, WindowKernel, WindowPrint } from './window-kernel.ts'

/** The kernel in plain TypeScript: runs everywhere, and is what the other one is compared with. */
export const typescriptWindows: WindowKernel = {
  open: (plane) => new TypescriptPicture(plane),
}

class TypescriptPicture implements OpenPicture {
  #levels: LumaPlane[]
  readonly #gradients = new Map<number, LumaPlane>()

  constructor(plane: LumaPlane) {
    this.#levels = pyramidOf(plane)
  }

  anchors(side: number, region: Area, caps: Caps, isGround: IsGround | null = null): Anchor[] {
    const plan = anchorPlan(this.#levels, side, region)
    const source = plan && this.#levels[plan.level]
    if (!source) return []
    const ofLuma = findAnchors(source, plan, caps[0], isGround)
    if (caps[1] === 0) return ofLuma
    const gradient = this.#gradients.get(plan.level) ?? gradientOf(source)
    this.#gradients.set(plan.level, gradient)
    return [...ofLuma, ...findAnchors(gradient, plan, caps[1], isGround)]
  }

  print(window: Window): WindowPrint | null {
    const { coefficients, quality } = spectrumOf(sampleWindow(this.#levels, window))
    const hashes = new Uint8Array(ORIENTATIONS.length * HASH_BYTES)
    for (const [index, orientation] of ORIENTATIONS.entries()) {
      const turned = turnCoefficients(coefficients, TURNS[orientation])
      const print = printOf({ coefficients: turned, quality })
      if (print.reason === 'FLAT') return null
      hashes.set(print.hash, index * HASH_BYTES)
    }
    return { hashes, quality }
  }

  close(): void {
    this.#levels = []
    this.#gradients.clear()
  }
}

import { GRID } from '../axis.ts'
import { HASH_BYTES } from '../hash.ts'
import { ORIENTATIONS, TURNS } from '../orientation.ts'
import { FLAT_BELOW } from '../print.ts'
import { FREQUENCIES, HALF_COSINES, qualityFrom } from '../spectrum.ts'
import {
  type AnchorPlan,
  type Area,
  anchorPlan,
  type Caps,
  gaussian,
  MAX_EDGE,
  MIN_STRENGTH,
} from './anchors.ts'
import type { LumaPlane } from './luma.ts'
import { levelFor } from './pyramid.ts'
import { PLACES, type Window } from './sampler.ts'
import type { Anchor } from './strongest.ts'
import { type IsGround, type StrongestAnchors, strongestAnchors } from './strongest.ts'
import { typescriptWindows } from './typescript-windows.ts'
import {
  EXTREMUM_BYTES,
  FIXED,
  type Level,
  type PictureLayout,
  pictureLayout,
  strideOf,
} from './wasm-layout.ts'
import type { WindowExports } from './wasm-windows-module.ts'
import type { OpenPicture, WindowKernel, WindowPrint } from './window-kernel.ts'

const PAGE_BYTES = 65_536
/** A larger memory is given back to the runtime after its picture. */
const KEEP_BYTES = 16 << 20
/** Steps between places from which on the four neighbouring pixels of `axisTaps` are too few. */
const MAX_TAP_STEP = 2

/**
 * The kernel in WebAssembly SIMD. Every open picture has a memory of its own, so that several can be open at a time; what it
 * held is wiped when the picture is closed. Where memory runs out, the TypeScript kernel takes over.
 */
export class WasmWindows implements WindowKernel {
  readonly #instantiate: () => WindowExports
  #idle: WindowExports | null = null

  constructor(instantiate: () => WindowExports) {
    this.#instantiate = instantiate
  }

  open(plane: LumaPlane): OpenPicture {
    const layout = pictureLayout(plane.width, plane.height)
    try {
      const wasm = this.#idle ?? this.#instantiate()
      this.#idle = null
      const missing = Math.ceil((layout.end - wasm.memory.buffer.byteLength) / PAGE_BYTES)
      if (missing > 0) wasm.memory.grow(missing)
      return new WasmPicture(wasm, layout, plane, () => {
        if (wasm.memory.buffer.byteLength <= KEEP_BYTES) this.#idle = wasm
      })
    } catch {
      return typescriptWindows.open(plane)
    }
  }
}

class WasmPicture implements OpenPicture {
  readonly #wasm: WindowExports
  readonly #layout: PictureLayout
  readonly #onClose: () => void
  #gradientLevel = -1

  constructor(wasm: WindowExports, layout: PictureLayout, plane: LumaPlane, onClose: () => void) {
    this.#wasm = wasm
    this.#layout = layout
    this.#onClose = onClose
    this.#floats(FIXED.cosines, HALF_COSINES.length).set(HALF_COSINES)
    this.#floats(FIXED.columnCosines, HALF_COSINES.length).set(columnCosines())
    let last: Level | undefined
    for (const level of layout.levels) {
      if (last) wasm.halve(last.at, last.width, level.at, level.width, level.height)
      else this.#floats(level.at, plane.data.length).set(plane.data)
      last = level
    }
  }

  anchors(side: number, region: Area, caps: Caps, isGround: IsGround | null = null): Anchor[] {
    const plan = anchorPlan(this.#layout.levels, side, region)
    const level = plan && this.#layout.levels[plan.level]
    if (!level) return []
    const ofLuma = this.#find(level, plan, strongestAnchors(caps[0], isGround))
    if (caps[1] === 0) return ofLuma
    if (this.#gradientLevel !== plan.level) {
      this.#wasm.gradient(level.at, level.width, level.height, this.#layout.gradient)
      this.#gradientLevel = plan.level
    }
    const gradient = { ...level, at: this.#layout.gradient }
    return [...ofLuma, ...this.#find(gradient, plan, strongestAnchors(caps[1], isGround))]
  }

  print(window: Window): WindowPrint | null {
    const { coefficients, transposed, mirrored, hashes } = FIXED
    const [quality, bound] = this.#transformed(window)
    if (bound < FLAT_BELOW) return null
    this.#wasm.transpose(coefficients, transposed)
    for (const [index, orientation] of ORIENTATIONS.entries()) {
      const { transposes, mirrorsRows, mirrorsColumns } = TURNS[orientation]
      // What mirrors rows before transposing mirrors columns after it.
      if (transposes) this.#wasm.mirror(transposed, mirrorsColumns, mirrorsRows, mirrored)
      else this.#wasm.mirror(coefficients, mirrorsRows, mirrorsColumns, mirrored)
      this.#wasm.bits(mirrored, this.#wasm.middle(mirrored, bound), hashes + index * HASH_BYTES)
    }
    return { hashes: this.#bytes(hashes, ORIENTATIONS.length * HASH_BYTES).slice(), quality }
  }

  close(): void {
    this.#bytes(0, this.#layout.end).fill(0)
    this.#onClose()
  }

  /** Leaves the coefficients in memory; gives the quality and the largest absolute coefficient. */
  #transformed(window: Window): [quality: number, bound: number] {
    const { samples, cosines, columnCosines: columns, scratch, coefficients } = FIXED
    this.#sample(window)
    const quality = qualityFrom(this.#wasm.gradientSum(samples))
    this.#wasm.transform(samples, cosines, columns, scratch, coefficients)
    return [quality, this.#wasm.largest(coefficients)]
  }

  #sample({ cx, cy, width, height, angle }: Window): void {
    const { levels, line } = this.#layout
    const index = levelFor(Math.min(width, height), PLACES, levels.length - 1)
    const level = levels[index] ?? { at: 0, width: 4, height: 4 }
    const scale = 2 ** index
    const [x, y] = [cx / scale - 0.5, cy / scale - 0.5]
    const [across, down] = [width / scale / PLACES, height / scale / PLACES]
    const isUpright = angle === 0 && Math.max(across, down) < MAX_TAP_STEP
    if (!isUpright || Math.min(level.width, level.height) < 4) {
      const [cosine, sine] = [Math.cos(angle), Math.sin(angle)]
      const { samples } = FIXED
      this.#wasm.sampleTurned(level.at, level.width, level.height, x, y, across, down, cosine, sine, samples)
      return
    }
    const { columnFirsts, columnWeights, rowFirsts, rowWeights, samples } = FIXED
    this.#wasm.axisTaps(x, across, level.width, columnFirsts, columnWeights)
    this.#wasm.axisTaps(y, down, level.height, rowFirsts, rowWeights)
    this.#wasm.sampleUpright(
      ...([
        level.at,
        level.width,
        columnFirsts,
        columnWeights,
        rowFirsts,
        rowWeights,
        line,
        samples,
      ] as const),
    )
  }

  #find(source: Level, plan: AnchorPlan, strongest: StrongestAnchors): Anchor[] {
    const { differences, extrema, innerRows, outerRows } = this.#layout
    const width = plan.right - plan.left + 2
    const height = plan.bottom - plan.top + 2
    this.#blur(source, plan, { weights: gaussian(plan.inner), at: FIXED.inner, rows: innerRows }, false)
    this.#blur(source, plan, { weights: gaussian(plan.outer), at: FIXED.outer, rows: outerRows }, true)
    const stride = strideOf(width)
    const count = this.#wasm.extrema(differences, width, height, stride, MIN_STRENGTH, MAX_EDGE, extrema)
    offerAll(new DataView(this.#wasm.memory.buffer, extrema, count * EXTREMUM_BYTES), plan, strongest)
    return strongest.kept()
  }

  #blur(
    source: Level,
    plan: AnchorPlan,
    gauss: { weights: Float64Array; at: number; rows: number },
    subtracts: boolean,
  ): void {
    const { line, differences } = this.#layout
    const { weights, at, rows } = gauss
    const radius = weights.length - 1
    const [x0, y0] = [plan.left - 1, plan.top - 1]
    const count = plan.bottom - plan.top + 2
    const stride = strideOf(plan.right - plan.left + 2)
    const from = Math.max(0, y0 - radius)
    const end = Math.min(source.height, y0 + count + radius)
    this.#floats(at, weights.length).set(weights)
    this.#wasm.blurAcross(source.at, source.width, from, end, x0, stride, at, radius, line, rows)
    this.#wasm.blurDown(rows, from, end, y0, count, stride, at, radius, differences, subtracts)
  }

  #floats(at: number, length: number): Float32Array {
    return new Float32Array(this.#wasm.memory.buffer, at, length)
  }

  #bytes(at: number, length: number): Uint8Array {
    return new Uint8Array(this.#wasm.memory.buffer, at, length)
  }
}

/** The blobs of the list in memory that lie inside the plan's limits. */
function offerAll(list: DataView, plan: AnchorPlan, strongest: StrongestAnchors): void {
  const scale = 2 ** plan.level
  for (let at = 0; at < list.byteLength; at += EXTREMUM_BYTES) {
    const cx = (plan.left - 1 + list.getFloat32(at + 4, true) + 0.5) * scale
    const cy = (plan.top - 1 + list.getFloat32(at + 8, true) + 0.5) * scale
    if (cx < plan.minX || cx > plan.maxX || cy < plan.minY || cy > plan.maxY) continue
    strongest.offer(cx, cy, list.getFloat32(at, true))
  }
}

/** The cosines by column: for each of 32 columns the even rows, then the odd ones. */
function columnCosines(): Float64Array {
  const half = GRID / 2
  return Float64Array.from({ length: HALF_COSINES.length }, (_, index) => {
    const column = Math.floor(index / FREQUENCIES)
    const place = index % FREQUENCIES
    const row = place < FREQUENCIES / 2 ? 2 * place : 2 * place - FREQUENCIES + 1
    return HALF_COSINES[row * half + column] ?? 0
  })
}

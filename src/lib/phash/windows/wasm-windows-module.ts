import { WASM_BASE64 } from './kernel.wasm.ts'

/** The functions of `assembly/windows.ts`; addresses in bytes, see there. */
export interface WindowExports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number }
  halve(from: number, width: number, to: number, columns: number, rows: number): void
  gradient(from: number, width: number, height: number, to: number): void
  blurAcross(
    plane: number,
    width: number,
    from: number,
    end: number,
    x0: number,
    stride: number,
    weights: number,
    radius: number,
    line: number,
    to: number,
  ): void
  blurDown(
    rows: number,
    from: number,
    end: number,
    y0: number,
    count: number,
    stride: number,
    weights: number,
    radius: number,
    to: number,
    subtracts: boolean,
  ): void
  extrema(
    values: number,
    width: number,
    height: number,
    stride: number,
    least: number,
    maxEdge: number,
    to: number,
  ): number
  axisTaps(centre: number, step: number, size: number, firsts: number, weights: number): void
  sampleUpright(
    plane: number,
    width: number,
    columnFirsts: number,
    columnWeights: number,
    rowFirsts: number,
    rowWeights: number,
    line: number,
    samples: number,
  ): void
  sampleTurned(
    plane: number,
    width: number,
    height: number,
    x0: number,
    y0: number,
    across: number,
    down: number,
    cosine: number,
    sine: number,
    samples: number,
  ): void
  gradientSum(samples: number): number
  transform(samples: number, cosines: number, columnCosines: number, scratch: number, out: number): void
  largest(coefficients: number): number
  transpose(from: number, to: number): void
  mirror(from: number, rows: boolean, columns: boolean, to: number): void
  middle(values: number, bound: number): number
  bits(values: number, limit: number, to: number): void
}

/** A maker of instances, each with its own memory; null where WebAssembly SIMD is missing or forbidden. */
export function windowInstances(): (() => WindowExports) | null {
  try {
    const bytes = Uint8Array.from(atob(WASM_BASE64), (character) => character.charCodeAt(0))
    const module = new WebAssembly.Module(bytes)
    // What the module exports is fixed by its source, from which the build check derives it again.
    return () => new WebAssembly.Instance(module).exports as unknown as WindowExports
  } catch {
    // No WebAssembly, no SIMD, or a content security policy against it: the other kernel finds the same.
    return null
  }
}

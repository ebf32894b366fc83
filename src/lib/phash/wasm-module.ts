import { WASM_BASE64 } from './kernel.wasm.ts'

/** The functions of `assembly/kernel.ts`; addresses and lengths in bytes, see there. */
export interface WasmExports {
  readonly memory: { readonly buffer: ArrayBuffer }
  addRows(
    rows: number,
    count: number,
    rowBytes: number,
    weights: number,
    sums: number,
    isFresh: boolean,
  ): void
  grayLine(sums: number, width: number, line: number): void
  colourLine(sums: number, width: number, channels: number, line: number): void
  smallColourLine(sums: number, width: number, channels: number, line: number): void
  sampleLine(positions: number, totals: number, rowTotal: number, out: number): void
  transform(samples: number, cosines: number, columnCosines: number, scratch: number, out: number): void
  gradientSum(samples: number): number
}

/** A new instance of the kernel, or null when the runtime has no WebAssembly SIMD or forbids compiling it. */
export function instantiate(): WasmExports | null {
  try {
    const bytes = Uint8Array.from(atob(WASM_BASE64), (character) => character.charCodeAt(0))
    const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes))
    // What the module exports is fixed by its source, from which the build check derives it again.
    return instance.exports as unknown as WasmExports
  } catch {
    // No WebAssembly, no SIMD, or a content security policy against it: the other kernel gives the same bits.
    return null
  }
}

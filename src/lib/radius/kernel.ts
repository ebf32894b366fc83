import { RadiusError } from './errors.ts'
import { WASM_BASE64 } from './kernel.wasm.ts'
import { WASM_BASE64 as SHARED_WASM_BASE64 } from './kernel-shared.wasm.ts'

/** The functions of `assembly/kernel.ts`; addresses in bytes, rows by number, see there. */
export interface Kernel {
  permuteRows(from: number, to: number, count: number, table: number): void
  countOdd(head: number, first: number, end: number): number
  insertIds(head: number, first: number, end: number): number
  findId(head: number, id: number): number
  countKeys(head: number, chunk: number, first: number, end: number): void
  sumKeys(chunk: number, first: number, end: number, sum: number): number
  fillBuckets(head: number, chunk: number, first: number, end: number): void
  scan(head: number, scratch: number, asked: number, first: number, end: number): number
  search(head: number, scratch: number, first: number, last: number): number
}

/** Compiled once per runtime, when first needed. */
const modules = new Map<boolean, WebAssembly.Module>()

/** The kernel over a memory. Throws `RadiusError` NO_KERNEL where WebAssembly SIMD is missing or forbidden. */
export function kernelOver(memory: WebAssembly.Memory, isShared: boolean): Kernel {
  try {
    let module = modules.get(isShared)
    if (!module) {
      const base64 = isShared ? SHARED_WASM_BASE64 : WASM_BASE64
      module = new WebAssembly.Module(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)))
      modules.set(isShared, module)
    }
    // What the module exports is fixed by its source, from which the build check derives it again.
    return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernel
  } catch (cause) {
    throw new RadiusError('NO_KERNEL', 'This program cannot run WebAssembly SIMD here.', { cause })
  }
}

import { FingerprintError } from './errors.ts'
import type { Kernel } from './kernel.ts'
import { typescriptKernel } from './typescript-kernel.ts'
import { WasmKernel } from './wasm-kernel.ts'
import { instantiate } from './wasm-module.ts'

export type KernelName = 'typescript' | 'wasm'

/** Compiled once per runtime, when first needed. Its memory is wiped after every call, so nothing passes between calls. */
let wasmKernel: WasmKernel | null | undefined

/** The fastest kernel of this runtime. */
export function bestKernel(): Kernel {
  return wasmOrNull() ?? typescriptKernel
}

/** The kernel of that name. Throws `NO_KERNEL` for `wasm` where WebAssembly SIMD is missing. */
export function kernelNamed(name: KernelName): Kernel {
  if (name === 'typescript') return typescriptKernel
  const kernel = wasmOrNull()
  if (kernel === null)
    throw new FingerprintError('NO_KERNEL', 'This program cannot run WebAssembly SIMD here.')
  return kernel
}

function wasmOrNull(): WasmKernel | null {
  if (wasmKernel === undefined) {
    const wasm = instantiate()
    wasmKernel = wasm && new WasmKernel(wasm)
  }
  return wasmKernel
}

import { FingerprintError } from '../errors.ts'
import type { KernelName } from '../kernels.ts'
import { typescriptWindows } from './typescript-windows.ts'
import { WasmWindows } from './wasm-windows.ts'
import { windowInstances } from './wasm-windows-module.ts'
import type { WindowKernel } from './window-kernel.ts'

/** Compiled once per runtime, when first needed. Pictures have memories of their own, wiped when they are closed. */
let wasmWindows: WasmWindows | null | undefined

/** The fastest kernel of this runtime. */
export function bestWindowKernel(): WindowKernel {
  return wasmOrNull() ?? typescriptWindows
}

/** The kernel of that name. Throws `NO_KERNEL` for `wasm` where WebAssembly SIMD is missing. */
export function windowKernelNamed(name: KernelName): WindowKernel {
  if (name === 'typescript') return typescriptWindows
  const kernel = wasmOrNull()
  if (kernel === null)
    throw new FingerprintError('NO_KERNEL', 'This program cannot run WebAssembly SIMD here.')
  return kernel
}

function wasmOrNull(): WasmWindows | null {
  if (wasmWindows === undefined) {
    const instances = windowInstances()
    wasmWindows = instances && new WasmWindows(instances)
  }
  return wasmWindows
}

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

function wasmOrNull(): WasmWindows | null {
  if (wasmWindows === undefined) {
    const instances = windowInstances()
    wasmWindows = instances && new WasmWindows(instances)
  }
  return wasmWindows
}

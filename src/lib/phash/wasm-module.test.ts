import { afterEach, expect, it, vi } from 'vitest'
import { instantiate } from './wasm-module.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

it('has a fixed memory', () => {
  expect(instantiate()?.memory.buffer.byteLength).toBe(36 * 65_536)
})

it('says so when WebAssembly is missing or forbidden', () => {
  vi.stubGlobal('WebAssembly', undefined)
  expect(instantiate()).toBeNull()
  vi.stubGlobal('WebAssembly', {
    Module: class {
      constructor() {
        throw new Error('refused by the content security policy')
      }
    },
  })
  expect(instantiate()).toBeNull()
})

it('computes with the other kernel then, and refuses to pretend', async () => {
  vi.stubGlobal('WebAssembly', undefined)
  vi.resetModules()
  const { bestKernel, kernelNamed } = await import('./kernels.ts')
  expect(bestKernel()).toBe(kernelNamed('typescript'))
  expect(() => kernelNamed('wasm')).toThrow(expect.objectContaining({ code: 'NO_KERNEL' }))
})

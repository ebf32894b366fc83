import { RadiusError } from './errors.ts'
import { type Kernel, kernelOver } from './kernel.ts'

const PAGE_BYTES = 65_536
/** What a 32-bit WebAssembly memory can address. */
export const MAX_ARENA_BYTES = 65_536 * PAGE_BYTES
/** Larger memories are left to the garbage collector, not kept for what may never come. */
const MAX_SPARE_BYTES = 64 * 2 ** 20
const MAX_SPARES = 4

/** One WebAssembly memory with the kernel over it. What is in it is left from its last use. */
export interface Arena {
  readonly memory: WebAssembly.Memory
  readonly kernel: Kernel
  readonly bytes: number
}

/**
 * The memories of one index, each holding one segment: what is rebuilt lies beside what answers meanwhile, and an index may
 * be larger than one memory. Small ones are used again, since each takes gigabytes of address space until it is collected.
 */
export class Arenas {
  readonly isShared: boolean
  readonly #limitBytes: number
  #takenBytes = 0
  #spares: Arena[] = []

  constructor(isShared: boolean, limitBytes: number) {
    this.isShared = isShared
    this.#limitBytes = limitBytes
  }

  get takenBytes(): number {
    return this.#takenBytes
  }

  /** Throws `RadiusError`: OUT_OF_MEMORY over the limit or when the system has none left, NO_KERNEL. */
  take(bytes: number): Arena {
    const pages = Math.ceil(bytes / PAGE_BYTES)
    const size = pages * PAGE_BYTES
    if (size > MAX_ARENA_BYTES || this.#takenBytes + size > this.#limitBytes) throw outOfMemory()
    const spare = this.#spares.findIndex((arena) => arena.bytes >= size && arena.bytes <= 2 * size)
    const [recycled] = spare < 0 ? [] : this.#spares.splice(spare, 1)
    const arena = recycled ?? this.#fresh(pages)
    this.#takenBytes += arena.bytes
    return arena
  }

  /** Takes an arena back that nobody reads any more. */
  give(arena: Arena): void {
    this.#takenBytes -= arena.bytes
    // Another thread may still be reading a shared one.
    if (this.isShared || arena.bytes > MAX_SPARE_BYTES) return
    this.#spares = [arena, ...this.#spares].slice(0, MAX_SPARES)
  }

  #fresh(pages: number): Arena {
    const memory = newMemory(pages, this.isShared)
    return { memory, kernel: kernelOver(memory, this.isShared), bytes: pages * PAGE_BYTES }
  }
}

function newMemory(pages: number, isShared: boolean): WebAssembly.Memory {
  if (typeof WebAssembly === 'undefined')
    throw new RadiusError('NO_KERNEL', 'This program cannot run WebAssembly SIMD here.')
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: isShared })
  } catch (cause) {
    throw outOfMemory(cause)
  }
}

function outOfMemory(cause?: unknown): RadiusError {
  return new RadiusError(
    'OUT_OF_MEMORY',
    'There is not enough memory for more fingerprints. What is in the index goes on being found.',
    { cause },
  )
}

// What every supported runtime (Node 20, current browsers, workers) offers beyond ECMAScript 2023 and lib may use.
// `src/lib` is checked with `lib: [es2023]` and `types: []`, so nothing else is in reach by accident.

declare class TextEncoder {
  encode(text?: string): Uint8Array<ArrayBuffer>
}

declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean })
  decode(bytes?: Uint8Array, options?: { stream?: boolean }): string
}

declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array)
  }
  class Memory {
    constructor(descriptor: { initial: number; maximum?: number; shared?: boolean })
    readonly buffer: ArrayBuffer
    grow(pages: number): number
  }
  class Instance {
    constructor(module: Module, imports?: Record<string, Record<string, unknown>>)
    readonly exports: Record<string, unknown>
  }
  function validate(bytes: Uint8Array): boolean
}

declare function setTimeout(callback: () => void, ms?: number): unknown

declare class URL {
  constructor(url: string)
  readonly hostname: string
}

declare function atob(base64: string): string

declare const crypto: {
  getRandomValues<Bytes extends Uint8Array>(bytes: Bytes): Bytes
}

declare class ReadableStream<Piece> {
  constructor(
    source: {
      pull(controller: { close(): void; enqueue(piece: Piece): void }): Promise<void>
      cancel(): Promise<void>
    },
    strategy: { highWaterMark: number },
  )
  getReader(): {
    read(): Promise<{ readonly done: boolean; readonly value?: Piece | undefined }>
    cancel(reason?: unknown): Promise<void>
  }
}

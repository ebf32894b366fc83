import { argon2idAsync } from '@noble/hashes/argon2.js'
import { argon2id as argon2idWasm } from 'hash-wasm'
import { SealError } from '../errors.ts'

export interface Argon2Parameters {
  /** Passes over the memory, 1 to 16. */
  readonly iterations: number
  /** 8 to 262,144. */
  readonly memoryKiB: number
  /** Only 1: what browsers compute has one thread. */
  readonly parallelism: 1
}

export interface Argon2Input extends Argon2Parameters {
  /** 1 to 1,024 bytes. */
  readonly password: Uint8Array
  /** 8 to 64 bytes. */
  readonly salt: Uint8Array
  /** 16 to 64. */
  readonly lengthBytes: number
}

export interface Argon2Options {
  /** Called with a share from 0 to 1 while the slower of the two programs computes; the faster one is done before it could be. */
  readonly onProgress?: ((share: number) => void) | undefined
}

/**
 * Argon2id, version 0x13 (RFC 9106). In WebAssembly where the runtime allows it; where it does not (some phones switch it off in
 * their protected modes) in plain JavaScript, with equal output and four times the time. Refuses parameters out of range with
 * `SEAL_KDF_PARAMETERS`.
 */
export async function argon2id(input: Argon2Input, options: Argon2Options = {}): Promise<Uint8Array> {
  checkInput(input)
  try {
    return await inWebAssembly(input)
  } catch {
    return argon2idPortable(input, options)
  }
}

/** The same without WebAssembly. Gives way to other work every 10 ms. */
export async function argon2idPortable(input: Argon2Input, options: Argon2Options = {}): Promise<Uint8Array> {
  checkInput(input)
  return argon2idAsync(input.password, input.salt, {
    t: input.iterations,
    m: input.memoryKiB,
    p: input.parallelism,
    dkLen: input.lengthBytes,
    asyncTick: 10,
    ...(options.onProgress && { onProgress: options.onProgress }),
  })
}

function inWebAssembly(input: Argon2Input): Promise<Uint8Array> {
  return argon2idWasm({
    password: input.password,
    salt: input.salt,
    iterations: input.iterations,
    memorySize: input.memoryKiB,
    parallelism: input.parallelism,
    hashLength: input.lengthBytes,
    outputType: 'binary',
  })
}

function checkInput({ password, salt, iterations, memoryKiB, parallelism, lengthBytes }: Argon2Input): void {
  const isInRange =
    isWhole(password.length, 1, 1024) &&
    isWhole(salt.length, 8, 64) &&
    isWhole(iterations, 1, 16) &&
    isWhole(memoryKiB, 8, 262_144) &&
    parallelism === 1 &&
    isWhole(lengthBytes, 16, 64)
  if (!isInRange) throw new SealError('SEAL_KDF_PARAMETERS', 'These Argon2id parameters are out of range.')
}

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isSafeInteger(value) && value >= least && value <= most
}

import {
  commitmentOf,
  formatLeaf,
  formatOpening,
  formatProof,
  inclusionProof,
  leafHash,
  type Opening,
  type Policy,
  parseNote,
  parsePolicy,
  parseProof,
  tileHashReader,
  tilePath,
  type VerifiedProof,
  verifyCheckpoint,
  verifyProof,
} from '#lib/tlog/index.ts'
import { CallError, type ClientOptions } from './call.ts'

/** Larger than any file of a log. */
const MAX_FILE_BYTES = 1024 * 1024

/** The custody log as a server serves it to everybody: checkpoint, policy, tiles (C2SP tlog-tiles). */
export class ServedLog {
  readonly #options: Pick<ClientOptions, 'baseUrl' | 'fetch' | 'signal'>

  constructor(options: Pick<ClientOptions, 'baseUrl' | 'fetch' | 'signal'>) {
    this.#options = options
  }

  /** A file by its path below the log, or null when there is none. Throws `CallError` CLIENT_NO_ANSWER, CLIENT_BAD_ANSWER. */
  async read(path: string): Promise<Uint8Array | null> {
    const { baseUrl, fetch: send = globalThis.fetch, signal } = this.#options
    try {
      const response = await send(new URL(`/log/${path}`, baseUrl), {
        cache: 'no-store',
        credentials: 'omit',
        redirect: 'error',
        referrerPolicy: 'no-referrer',
        ...(signal !== undefined && { signal }),
      })
      if (response.status === 404) return null
      const bytes = new Uint8Array(await response.arrayBuffer())
      if (response.ok && bytes.length <= MAX_FILE_BYTES) return bytes
    } catch (cause) {
      throw new CallError('CLIENT_NO_ANSWER', 'The server did not answer.', { cause })
    }
    throw new CallError('CLIENT_BAD_ANSWER', 'The custody log cannot be read from this server.')
  }

  /**
   * The policy that the log says it has: its name and key by its own word. What is to be proven to somebody is held against a
   * policy from elsewhere.
   */
  async policy(): Promise<Policy> {
    const bytes = await this.read('policy')
    if (bytes === null) throw new CallError('CLIENT_BAD_ANSWER', 'The server has no custody log.')
    return parsePolicy(bytes, { allowNoWitness: true })
  }

  /** Name of the log: the origin that its checkpoints and records carry. */
  async origin(): Promise<string> {
    const [first] = (await this.policy()).logs
    if (first === undefined) throw new CallError('CLIENT_BAD_ANSWER', 'The custody log has no name.')
    return first.vkey.name
  }

  /**
   * The proof that a record is entry `index` of the log, as a `.tlog-proof` file, verified before it is given out; null while
   * no checkpoint has the entry. Throws `CallError`, and `TlogError` for tiles that do not prove it.
   */
  async prove(opening: Opening, index: number, policy: Policy): Promise<ProvenRecord | null> {
    const bytes = await this.read('checkpoint')
    if (bytes === null) return null
    const note = parseNote(bytes)
    const { size } = verifyCheckpoint(note, policy).checkpoint
    if (index >= size) return null
    const hashes = await inclusionProof(
      index,
      size,
      tileHashReader(size, (tile) => this.#tile(tilePath(tile))),
    )
    const proof = formatProof({ extra: formatOpening(opening), index, hashes, note })
    const leaf = leafHash(formatLeaf(commitmentOf(opening)))
    return { proof, verified: verifyProof(parseProof(proof), { policy, leafHash: leaf }) }
  }

  async #tile(path: string): Promise<Uint8Array> {
    const bytes = await this.read(path)
    if (bytes === null) throw new CallError('CLIENT_BAD_ANSWER', 'A part of the custody log is missing.')
    return bytes
  }
}

export interface ProvenRecord {
  /** The text of a `.tlog-proof` file. */
  readonly proof: string
  readonly verified: VerifiedProof
}

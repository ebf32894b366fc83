import { blobs } from '#contract/blobs.ts'
import { mailbox as operations, type PostedItem, type Rotation, type Withdrawal } from '#contract/mailbox.ts'
import { decodePage, EMPTY_CURSOR, type MailboxPage, type PagePart } from '#contract/mailbox-page.ts'
import type { Operation } from '#contract/operation.ts'
import { bytesToHex, type CanonicalValue, concatBytes } from '#lib/bytes/index.ts'
import { bytesToBase64url, canonicalBytes, type ReturnKeys, signMailboxRequest } from '#lib/seal/index.ts'
import { CallError } from './call.ts'
import type { Client } from './client.ts'

/** What of a return code's keys a mailbox needs. */
export type MailboxKeys = Pick<ReturnKeys, 'mailbox' | 'auth'>

/** What lies in a mailbox, whole: sealed, and in no order that means anything. */
export interface MailboxContents {
  readonly status: MailboxPage['status']
  readonly logIndex: number | null
  /** Her wraps by epoch. */
  readonly wraps: readonly { readonly epoch: number; readonly body: Uint8Array }[]
  readonly items: readonly FetchedItem[]
}

export interface FetchedItem {
  readonly id: Uint8Array
  readonly epoch: number
  readonly direction: 'in' | 'out'
  readonly body: Uint8Array
}

/**
 * A mailbox seen from whoever has its return code. Each request is signed for itself over a fresh nonce. Throws
 * `CallError` with the codes of the contract.
 */
export class Mailbox {
  readonly #client: Client
  readonly #keys: MailboxKeys

  constructor(client: Client, keys: MailboxKeys) {
    this.#client = client
    this.#keys = keys
  }

  /** Everything in it. */
  async fetch(): Promise<MailboxContents> {
    const parts: PagePart[] = []
    let cursor = EMPTY_CURSOR
    for (;;) {
      const page = await this.fetchPage(cursor)
      parts.push(...page.parts)
      if (page.next === null) return { ...assemble(parts), status: page.status, logIndex: page.logIndex }
      cursor = bytesToBase64url(page.next)
    }
  }

  async fetchPage(cursor: string): Promise<MailboxPage> {
    const page = decodePage(
      await this.#client.mailbox.fetch(await this.#signed(operations.fetch, { cursor })),
    )
    if (page === null) throw badAnswer()
    return page
  }

  /** Puts a sealed item in. Sent again with the same id it is kept once. */
  async post(item: PostedItem): Promise<void> {
    await this.#client.mailbox.post(await this.#signed(operations.post, item))
  }

  /** Gives the signed receipt of the withdrawal. */
  async withdraw(withdrawal: Withdrawal): Promise<string> {
    const request = await this.#signed(operations.withdraw, withdrawal)
    return (await this.#client.mailbox.withdraw(request)).receipt
  }

  /** Moves everything to the mailbox of a new code. This one is gone then. */
  async rotate(rotation: Rotation): Promise<void> {
    await this.#client.mailbox.rotate(await this.#signed(operations.rotate, rotation))
  }

  /** Begins or takes up an upload and gives its token. `id` is 16 random bytes as base64url. */
  async beginUpload(id: string, sizeBytes: number): Promise<string> {
    return (await this.#client.blobs.begin(await this.#signed(blobs.begin, { id, sizeBytes }))).upload
  }

  /** A part of a finished file. */
  async getPart(id: string, part: number): Promise<Uint8Array> {
    return this.#client.blobs.get(await this.#signed(blobs.get, { id, part }))
  }

  async #signed<Payload extends CanonicalValue>(
    operation: Operation,
    payload: Payload,
  ): Promise<SignedRequest<Payload>> {
    const { nonce } = await this.#client.mailbox.challenge()
    const request = { nonce, op: operation.name, body: canonicalBytes(payload) }
    return {
      mailbox: this.#keys.mailbox,
      authPk: bytesToHex(this.#keys.auth.publicKey),
      nonce,
      signature: bytesToHex(signMailboxRequest(this.#keys, request)),
      payload,
    }
  }
}

interface SignedRequest<Payload> {
  readonly mailbox: string
  readonly authPk: string
  readonly nonce: string
  readonly signature: string
  readonly payload: Payload
}

/** Puts items together whose pieces came on several pages. Throws `CLIENT_BAD_ANSWER` when a piece is missing. */
function assemble(parts: readonly PagePart[]): Pick<MailboxContents, 'wraps' | 'items'> {
  const wraps = parts
    .filter((part) => part.kind === 'wrap')
    .map(({ epoch, bytes }) => ({ epoch, body: bytes }))
  const pieces = new Map<string, PagePart[]>()
  for (const part of parts) {
    if (part.kind === 'item')
      pieces.set(bytesToHex(part.id), [...(pieces.get(bytesToHex(part.id)) ?? []), part])
  }
  return { wraps, items: [...pieces.values()].map(join) }
}

function join(pieces: readonly PagePart[]): FetchedItem {
  const [first] = pieces
  if (first === undefined) throw badAnswer()
  let at = 0
  for (const piece of pieces) {
    if (piece.offset !== at) throw badAnswer()
    at += piece.bytes.length
  }
  if (at !== first.wholeBytes) throw badAnswer()
  const { id, epoch, direction } = first
  return { id, epoch, direction, body: concatBytes(...pieces.map(({ bytes }) => bytes)) }
}

function badAnswer(): CallError {
  return new CallError('CLIENT_BAD_ANSWER', 'The answer is incomplete or not of the contract.')
}

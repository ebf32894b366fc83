import { CallError, Mailbox, type OwnCase, readOwnCase } from '#client/index.ts'
import { deriveReturnKeys, type ReturnCode, type ReturnKeys } from '#lib/seal/index.ts'
import type { CliContext } from '../context.ts'
import type { Connection } from './connect.ts'
import { IntakeError } from './errors.ts'
import { random } from './random.ts'

/** A case that was opened with its return code, and what writing into it takes. */
export interface OpenedMailbox {
  readonly mailbox: Mailbox
  readonly keys: ReturnKeys
  readonly own: OwnCase
  readonly means: {
    readonly rosters: Parameters<typeof readOwnCase>[2]['rosters']
    readonly nowSeconds: number
    readonly random: (bytes: number) => Uint8Array
  }
}

/** Opens the case of a return code. Throws `IntakeError` NO_MAILBOX, `CallError`, `SealError`. */
export async function openMailbox(
  { nowMs }: Pick<CliContext, 'nowMs'>,
  { client, organisation }: Connection,
  code: ReturnCode,
): Promise<OpenedMailbox> {
  const keys = await deriveReturnKeys(code, organisation.root.org)
  const mailbox = new Mailbox(client, keys)
  const means = {
    rosters: [organisation.verified] as const,
    nowSeconds: Math.floor(nowMs() / 1_000),
    random,
  }
  return { mailbox, keys, means, own: await readOwnCase(mailbox, keys, means).catch(noMailbox) }
}

function noMailbox(cause: unknown): never {
  if (!(cause instanceof CallError) || cause.code !== 'MAILBOX_NOT_FOUND') throw cause
  throw new IntakeError(
    'NO_MAILBOX',
    'Nothing is under this code here: it belongs to another organisation, nothing was ever sent with it, or everything was erased.',
    { cause },
  )
}

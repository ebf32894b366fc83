import type { Kysely } from 'kysely'
import type { PostedItem, Rotation, Withdrawal } from '#contract/mailbox.ts'
import { payloadSha256 } from '#contract/payload-digest.ts'
import {
  type Asking,
  addItemIn,
  assertFits,
  type CaseRow,
  eraseCase,
  findCase,
  lockCase,
  type QuotaSettings,
} from '../../case-store/index.ts'
import type { Clock } from '../../clock.ts'
import type { Custody } from '../../custody/index.ts'
import type { Db } from '../../database.ts'
import { Refused } from '../../errors.ts'
import type { Tables } from '../../schema/tables.ts'
import { readPage } from './page.ts'
import { countWraps, replaceWrap } from './store.ts'

export interface MailboxServiceDependencies {
  readonly clock: Clock
  readonly custody: Custody
  readonly quota: QuotaSettings
}

/** A page of 65,536 bytes. Throws MAILBOX_NOT_FOUND. */
export async function fetchPage(
  db: Db,
  { clock }: MailboxServiceDependencies,
  asking: Asking,
  cursor: Buffer,
): Promise<Uint8Array> {
  const found = await findCase(db, asking.mailbox, asking.authPk)
  if (found === null) throw new Refused('MAILBOX_NOT_FOUND')
  const { id, status } = found
  return readPage(db, { caseId: id, status, mailbox: asking.mailbox, now: clock.now() }, cursor)
}

/** Keeps an item of hers once. Throws MAILBOX_NOT_FOUND, CASE_CLOSED, MAILBOX_CONFLICT, QUOTA. */
export async function postItem(
  kysely: Kysely<Tables>,
  { quota }: MailboxServiceDependencies,
  asking: Asking,
  item: PostedItem,
): Promise<{ done: true }> {
  await kysely.transaction().execute(async (tx) => {
    const found = await lockCase(tx, asking.mailbox, asking.authPk)
    const body = Buffer.from(item.body, 'base64')
    assertTakesIn(found)
    await assertFits(tx, found, { bytes: body.length, what: 'item' }, quota)
    await addOnce(tx, found, item, body)
  })
  return { done: true }
}

/**
 * Stops the work and keeps everything until the end of a week, or erases everything, the mailbox included, in one commit.
 * The receipt is for the commitment of the withdrawal. Throws MAILBOX_NOT_FOUND.
 */
export async function withdraw(
  kysely: Kysely<Tables>,
  { clock, custody }: MailboxServiceDependencies,
  asking: Asking,
  withdrawal: Withdrawal,
): Promise<{ receipt: string }> {
  const commitment = Buffer.from(withdrawal.commitment, 'hex')
  await kysely.transaction().execute(async (tx) => {
    const found = await lockCase(tx, asking.mailbox, asking.authPk)
    if (found === null) throw new Refused('MAILBOX_NOT_FOUND')
    const erased = withdrawal.mode === 'erase' ? withdrawal.erased : []
    const commitments = [commitment, ...erased.map((text) => Buffer.from(text, 'hex'))]
    await custody.append(
      tx,
      commitments.map((one) => ({ caseId: found.id, commitment: one })),
    )
    if (withdrawal.mode === 'erase') return eraseCase(tx, found.id, clock.now())
    await tx
      .updateTable('cases')
      .set({ status: 'withdrawn', expires_week: withdrawal.until })
      .where('id', '=', found.id)
      .execute()
  })
  return { receipt: custody.receipt({ commitment, storedSha256: payloadSha256({ ...withdrawal }) }) }
}

/**
 * Moves the case to the mailbox of a new code: her wraps of all epochs, the mailbox and its key, and the signed record of
 * it, in one commit. Throws MAILBOX_NOT_FOUND, CASE_CLOSED, MAILBOX_CONFLICT, QUOTA.
 */
export async function rotate(
  kysely: Kysely<Tables>,
  { quota }: MailboxServiceDependencies,
  asking: Asking,
  rotation: Rotation,
): Promise<{ done: true }> {
  const mailbox = Buffer.from(rotation.mailbox, 'base64url')
  await kysely.transaction().execute(async (tx) => {
    const found = await lockCase(tx, asking.mailbox, asking.authPk)
    assertTakesIn(found)
    const isTaken = await tx
      .selectFrom('cases')
      .select('id')
      .where('mailbox', '=', mailbox)
      .executeTakeFirst()
    if (isTaken !== undefined) throw new Refused('MAILBOX_CONFLICT')
    for (const { epoch, body } of rotation.wraps) {
      const wrap = {
        caseId: found.id,
        epoch,
        from: asking.mailbox,
        to: mailbox,
        body: Buffer.from(body, 'base64'),
      }
      if (!(await replaceWrap(tx, wrap))) throw new Refused('MAILBOX_CONFLICT')
    }
    // An epoch that were left behind could be opened with the old code only.
    if ((await countWraps(tx, found.id, asking.mailbox)) > 0) throw new Refused('MAILBOX_CONFLICT')
    await tx
      .updateTable('cases')
      .set({ mailbox, auth_pk: Buffer.from(rotation.authPk, 'hex') })
      .where('id', '=', found.id)
      .execute()
    const body = Buffer.from(rotation.item.body, 'base64')
    await assertFits(tx, found, { bytes: body.length, what: 'item' }, quota)
    await addOnce(tx, found, rotation.item, body)
  })
  return { done: true }
}

function assertTakesIn(found: CaseRow | null): asserts found is CaseRow {
  if (found === null) throw new Refused('MAILBOX_NOT_FOUND')
  if (found.status !== 'open' && found.status !== 'closing') throw new Refused('CASE_CLOSED')
}

async function addOnce(tx: Db, found: CaseRow, item: PostedItem, body: Buffer): Promise<void> {
  const id = Buffer.from(item.id, 'base64url')
  if (!(await addItemIn(tx, { caseId: found.id, id, epoch: item.epoch, body }))) {
    throw new Refused('MAILBOX_CONFLICT')
  }
}

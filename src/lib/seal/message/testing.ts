import { bytesToHex } from '../../bytes/index.ts'
import { type SigningKey, signingKeyOf } from '../keys/signing.ts'
import { idOf, people, seedOf, TODAY, verifiedRoster } from '../roster/testing.ts'
import type { CaseContext, DeliveredItem } from './check-message.ts'
import { composeMessage, type Draft } from './compose.ts'
import { type Head, type Heads, type SignedMessage, SURVIVOR } from './model.ts'
import { messageDigest } from './signed-message.ts'

export const CASE = idOf('the case')
export const survivorKey = signingKeyOf(seedOf('survivor'))
export const context: CaseContext = {
  caseRef: CASE,
  survivorKeys: [{ sign: bytesToHex(survivorKey.publicKey) }],
  rosters: [await verifiedRoster()],
  today: TODAY,
}

export const keys: Readonly<Record<'survivor' | 'worker' | 'supervisor', SigningKey>> = {
  survivor: survivorKey,
  worker: people.worker.sign,
  supervisor: people.supervisor.sign,
}
export type Name = keyof typeof keys
export const authorOf = (name: Name): string => (name === 'survivor' ? SURVIVOR : people[name].id)

export function write(
  name: Name,
  heads: Heads,
  changes: Partial<Draft> = {},
  key = keys[name],
): SignedMessage {
  const draft = {
    t: 'reply',
    caseRef: CASE,
    epoch: 1,
    author: authorOf(name),
    roster: 1,
    day: TODAY,
  } as const
  return composeMessage({ ...draft, body: { text: `words of ${name}` }, ...changes }, key, heads)
}

export function headOf({ b }: SignedMessage): Head {
  return { seq: b.seq, sha256: messageDigest(b) }
}

/** Each author writes after reading everything before, except that `unread` of the newest messages had not arrived yet. */
export function converse(
  turns: readonly { readonly name: Name; readonly unread?: number }[],
): DeliveredItem[] {
  const written: SignedMessage[] = []
  for (const { name, unread = 0 } of turns) {
    const heads = new Map<string, Head>()
    for (const [i, earlier] of written.entries()) {
      const isOwn = earlier.b.author === authorOf(name)
      if (isOwn || i < written.length - unread) heads.set(earlier.b.author, headOf(earlier))
    }
    written.push(write(name, heads))
  }
  return written.map((payload, i) => ({ id: `item ${i}`, epoch: 1, payload }))
}

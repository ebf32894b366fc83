import type { OwnCase } from '#client/index.ts'
import { type JudgedItem, type Roster, SURVIVOR } from '#lib/seal/index.ts'

/** One message as it is shown to her. */
export interface ShownMessage {
  readonly verdict: 'verified' | 'unverified' | 'missing-before' | 'order-changed'
  /** `you`, or what the organisation calls the author. */
  readonly from: string
  readonly day: string
  readonly type: string
  /** Null for what is hidden because nobody knows who wrote it. */
  readonly text: string | null
  /** Why its sender is not verified. */
  readonly reason?: string
}

/** What was said in her case, in order. Duplicates are left out, and what she keeps there for herself. */
export function shownMessages({ conversation }: OwnCase, roster: Roster): ShownMessage[] {
  return conversation.items.flatMap((item) => shown(item, roster))
}

function shown(item: JudgedItem, roster: Roster): ShownMessage[] {
  if (item.verdict === 'duplicate') return []
  if (item.verdict === 'unverified') {
    const { reason } = item
    return [{ verdict: 'unverified', from: 'unknown', day: '', type: 'unknown', text: null, reason }]
  }
  const { message, verdict, role } = item
  const { day, author, body, t } = message
  if (body['keep'] !== undefined) return []
  const type = typeof body['type'] === 'string' ? body['type'] : t
  const from = author === SURVIVOR ? 'you' : (labelOf(roster, author) ?? role)
  return [{ verdict, from, day, type, text: textOf(type, body['body'] ?? body) }]
}

function labelOf({ entries }: Roster, author: string): string | undefined {
  return entries.find(({ id }) => id === author)?.label
}

/** What an entry says, in words; entries without words of their own are named. */
function textOf(type: string, body: unknown): string {
  const fields: Readonly<Record<string, unknown>> =
    typeof body === 'object' && body !== null && !Array.isArray(body) ? { ...body } : {}
  const { text, rows, votes, matchRule } = fields
  if (typeof text === 'string') return text
  if (type === 'prints.register') return `A picture is looked for (${rowCount(rows)} fingerprints).`
  if (type === 'prints.withdraw') return 'A picture is not looked for any more.'
  if (type === 'match.found') {
    const how =
      matchRule === 'windows' ? `parts of it in ${String(votes)} places that agree` : 'the whole of it'
    return `A copy of one of your pictures was found in what a witness handed in: ${how}.`
  }
  return WORDS[type] ?? `An entry in your case: ${type}`
}

const WORDS: Readonly<Record<string, string>> = {
  'case.submit': 'The report, without words.',
  'case.open': 'Somebody has opened your report.',
  'case.accept': 'Your case is being worked on.',
  'case.withdraw-keep': 'All work was stopped.',
  epoch: 'Your case has a new key.',
  wrap: 'Somebody was added to your case.',
  'minors.age-band': 'An answer about age.',
}

/** Rows of 24 bytes in base64url. */
function rowCount(rows: unknown): number {
  return typeof rows === 'string' ? Math.floor(rows.length / 32) : 0
}

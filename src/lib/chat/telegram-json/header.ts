import { ChatError } from '../errors.ts'
import type { Place, PlaceKind, Source } from '../model.ts'
import { ByteWindow } from './byte-window.ts'
import { RootCursor } from './root-cursor.ts'

/** What the root says of the chat; undefined where it was not met. */
export interface Header {
  name?: unknown
  type?: unknown
  id?: unknown
}

/** Root keys only the export of a whole account has. */
const FULL_ACCOUNT_KEYS: ReadonlySet<string> = new Set([
  'personal_information',
  'profile_pictures',
  'stories',
  'contacts',
  'frequent_contacts',
  'sessions',
  'web_sessions',
  'other_data',
  'chats',
  'left_chats',
])

const KINDS: ReadonlyMap<unknown, { kind: PlaceKind; space: string }> = new Map([
  ['saved_messages', { kind: 'dm', space: 'user' }],
  ['replies', { kind: 'dm', space: 'user' }],
  ['verification_codes', { kind: 'dm', space: 'user' }],
  ['personal_chat', { kind: 'dm', space: 'user' }],
  ['bot_chat', { kind: 'dm', space: 'user' }],
  ['private_group', { kind: 'group', space: 'chat' }],
  ['private_supergroup', { kind: 'supergroup', space: 'channel' }],
  ['public_supergroup', { kind: 'supergroup', space: 'channel' }],
  ['private_channel', { kind: 'channel', space: 'channel' }],
  ['public_channel', { kind: 'channel', space: 'channel' }],
] as const)

export function isFullAccountKey(key: string): boolean {
  return FULL_ACCOUNT_KEYS.has(key)
}

export function isChatType(type: unknown): boolean {
  return KINDS.has(type)
}

export function isHeaderKey(key: string): key is keyof Header {
  return key === 'name' || key === 'type' || key === 'id'
}

export function fullAccountError(key: string): ChatError {
  return new ChatError(
    'TG_FULL_ACCOUNT',
    `This is an export of a whole Telegram account (it has "${key}"): it holds the owner's phone number, contacts, ` +
      'sessions and all private chats. Nothing but the names of its parts was read, and nothing was kept. Export only ' +
      'the chat you want to report: in Telegram Desktop open that chat, menu, "Export chat history", format JSON.',
  )
}

/**
 * The place an export is about. Ids of users, basic groups and channels are separate number spaces, so the key names
 * the space; without type or id it is made of `fallback`, which must be different for different files.
 */
export function placeOf(header: Header, fallback: string): Place {
  const known = KINDS.get(header.type)
  const id = idText(header.id)
  const space = known?.space ?? 'unknown'
  return {
    key: id === null ? `tg:file:${fallback}` : `tg:${space}:${id}`,
    platform: 'telegram',
    kind: known?.kind ?? 'unknown',
    ids: id === null ? [] : [id],
    titles: typeof header.name === 'string' && header.name !== '' ? [header.name] : [],
  }
}

function idText(id: unknown): string | null {
  if (typeof id === 'number' && Number.isSafeInteger(id)) return String(id)
  return typeof id === 'string' && /^-?\d{1,20}$/.test(id) ? id : null
}

/** Reads only the header of a file, wherever it stands: needed when `messages` comes before it. */
export async function readHeader(source: Source, windowBytes: number): Promise<Header> {
  const window = new ByteWindow(source, { windowBytes })
  const cursor = new RootCursor(window)
  const header: Header = {}
  for (;;) {
    const step = await cursor.next()
    if (typeof step === 'string') return header
    if (isFullAccountKey(step.key)) {
      window.wipe()
      throw fullAccountError(step.key)
    }
    if (isHeaderKey(step.key)) header[step.key] = await cursor.scalar()
    else if (!(await cursor.skip())) return header
  }
}

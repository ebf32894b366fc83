import type { Message } from '../model.ts'
import type { JsonObject } from './json.ts'

type Service = NonNullable<Message['service']>

/** Members that have a place of their own in the model. */
const MAPPED_ELSEWHERE: ReadonlySet<string> = new Set([
  'edited',
  'edited_unixtime',
  'photo',
  'photo_file_size',
  'file',
  'thumbnail',
  'contact_vcard',
  'reactions',
  'inline_bot_buttons',
  'reply_to_peer_id',
])

/** Actions that give the chat a title, in the member `title`. */
const TITLE_ACTIONS: ReadonlySet<unknown> = new Set(['create_group', 'create_channel', 'edit_group_title'])

/**
 * A service message's action and all its members that are scalars or lists of scalars, under the names they have in the
 * export; unknown actions too. `action` is null for the one kind that has only `information_text`.
 */
export function serviceOf(members: JsonObject | null): Service {
  const kept: [string, unknown][] = []
  for (const [name, value] of Object.entries(members ?? {})) {
    if (name === 'action' || MAPPED_ELSEWHERE.has(name)) continue
    if (isScalar(value) || (Array.isArray(value) && value.every(isScalar))) kept.push([name, value])
  }
  const action = members?.['action']
  // `fromEntries` makes own properties even of `__proto__`: keys of the input stay plain data.
  const fields: Record<string, unknown> = Object.fromEntries(kept)
  return Object.assign(fields, { action: typeof action === 'string' ? action : null })
}

/** The title a service message gives its chat, or null. */
export function titleGivenBy(service: Service): string | null {
  const title = service['title']
  return TITLE_ACTIONS.has(service.action) && typeof title === 'string' && title !== '' ? title : null
}

function isScalar(value: unknown): boolean {
  return typeof value !== 'object' || value === null
}

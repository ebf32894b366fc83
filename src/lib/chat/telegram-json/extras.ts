import type { Message } from '../model.ts'
import { isJsonObject, type JsonObject } from './json.ts'

/** Scheme or host at the start of a button's data. */
const LINK_FORM = /^(?:[a-z][a-z0-9+.-]{1,20}:\/\/|tg:|(?:www\.|t\.me\/|telegram\.(?:me|dog)\/))\S/i
const LINK_INSIDE = /(?:https?|tg):\/\/[^\s"'\\<>]+/gi

/** Texts people other than the exporter wrote or chose, kept under the name they have in the export. */
const TEXT_FIELDS = [
  'place_name',
  'address',
  'game_title',
  'game_description',
  'author',
  'via_bot',
  'title',
  'performer',
  'information_text',
]

export function reactionsOf(value: unknown): NonNullable<Message['reactions']> {
  if (!Array.isArray(value)) return []
  // `recent` names who reacted; it is left out on purpose.
  return value.filter(isJsonObject).map((reaction) => ({
    kind: typeof reaction['type'] === 'string' ? reaction['type'] : '',
    value: String(reaction['emoji'] ?? reaction['document_id'] ?? ''),
    count: typeof reaction['count'] === 'number' ? reaction['count'] : 0,
  }))
}

export function contactOf(value: unknown): NonNullable<Message['contact']> | null {
  if (!isJsonObject(value)) return null
  const contact: NonNullable<Message['contact']> = {}
  const { first_name: firstName, last_name: lastName, phone_number: phone } = value
  if (typeof firstName === 'string' && firstName !== '') contact.firstName = firstName
  if (typeof lastName === 'string' && lastName !== '') contact.lastName = lastName
  if (typeof phone === 'string' && phone !== '') contact.phone = phone
  return contact
}

/** Links in buttons, games and invoices, in order, each once. The invoice is JSON text inside a string, or anything. */
export function hiddenLinksOf(members: JsonObject): string[] {
  const links = new Set<string>()
  for (const button of buttonsOf(members['inline_bot_buttons'])) {
    const data = button['data']
    if (typeof data !== 'string') continue
    if (LINK_FORM.test(data)) links.add(data)
    else for (const link of data.match(LINK_INSIDE) ?? []) links.add(link)
  }
  const gameLink = members['game_link']
  if (typeof gameLink === 'string' && gameLink !== '') links.add(gameLink)
  const invoice = members['invoice_information']
  const invoiceText = typeof invoice === 'string' ? invoice : JSON.stringify(invoice ?? '')
  for (const link of invoiceText.match(LINK_INSIDE) ?? []) links.add(link)
  return [...links]
}

export function otherTextsOf(members: JsonObject): NonNullable<Message['otherTexts']> {
  const found: NonNullable<Message['otherTexts']> = []
  const add = (field: string, text: unknown) => {
    if (typeof text === 'string' && text !== '') found.push({ field, text })
  }
  for (const field of TEXT_FIELDS) add(field, members[field])
  add('location_information', coordinates(members['location_information']))
  addQuestion(members['poll'], 'poll', 'question', add)
  addQuestion(members['todo_list'], 'todo_list', 'title', add)
  for (const button of buttonsOf(members['inline_bot_buttons'])) add('inline_bot_buttons', button['text'])
  add('invoice_information', members['invoice_information'])
  return found
}

function addQuestion(
  value: unknown,
  field: string,
  head: string,
  add: (field: string, text: unknown) => void,
): void {
  if (!isJsonObject(value)) return
  add(`${field}.${head}`, value[head])
  const answers = value['answers']
  if (!Array.isArray(answers)) return
  for (const answer of answers) if (isJsonObject(answer)) add(`${field}.answers`, answer['text'])
}

function coordinates(value: unknown): string {
  if (!isJsonObject(value)) return ''
  const { latitude, longitude } = value
  const isPair = typeof latitude === 'number' && typeof longitude === 'number'
  return isPair ? `${latitude}, ${longitude}` : ''
}

function buttonsOf(rows: unknown): JsonObject[] {
  if (!Array.isArray(rows)) return []
  return rows.flat().filter(isJsonObject)
}

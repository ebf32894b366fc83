import type { Forward, Message, Place, SourceTree } from '../model.ts'
import type { Tally } from '../tally.ts'
import { AccountKeys } from './account-keys.ts'
import { Attachments } from './attachments.ts'
import { contactOf, hiddenLinksOf, otherTextsOf, reactionsOf } from './extras.ts'
import type { JsonObject } from './json.ts'
import { Moments } from './moments.ts'
import { nameOf, type RawMessage } from './raw-message.ts'
import { SeenIds } from './seen-ids.ts'
import { serviceOf, titleGivenBy } from './service.ts'
import { flattenText } from './text.ts'
import { unixSecondsOf } from './whole-element.ts'

/** Messages from before a group became a supergroup carry their id minus this. */
const MIGRATION_SHIFT = 1_000_000_000
/** A group renamed more often than this keeps its first titles. */
const MOST_TITLES = 100

/** Which handlers a member needs; one glance at the keys spares most messages all of them. */
const NEEDS = { media: 1, forward: 2, edit: 4, reactions: 8, contact: 16, replyPeer: 32, words: 64 } as const
const NEEDS_BY_MEMBER: ReadonlyMap<string, number> = new Map<string, number>([
  ...['photo', 'file', 'thumbnail'].map((name): [string, number] => [name, NEEDS.media]),
  ['contact_vcard', NEEDS.media],
  ...['forwarded_from', 'forwarded_from_id', 'saved_from'].map((n): [string, number] => [n, NEEDS.forward]),
  ['edited', NEEDS.edit],
  ['edited_unixtime', NEEDS.edit],
  ['reactions', NEEDS.reactions],
  ['contact_information', NEEDS.contact],
  ['reply_to_peer_id', NEEDS.replyPeer],
  ...[
    ...['inline_bot_buttons', 'invoice_information', 'game_title', 'game_description', 'game_link', 'title'],
    ...['place_name', 'address', 'location_information', 'poll', 'todo_list', 'author', 'via_bot'],
    ...['performer', 'information_text'],
  ].map((name): [string, number] => [name, NEEDS.words]),
])

/** Turns the raw messages of one export into messages of the model, and keeps its books. */
export class MessageMapper {
  readonly attachments: Attachments
  readonly #tally: Tally
  readonly #file: string
  readonly #place: Place
  readonly #accounts = new AccountKeys()
  readonly #moments: Moments
  readonly #seen = new SeenIds()
  #titles = 0
  #seq = 0

  constructor(tree: SourceTree, file: string, place: Place, tally: Tally) {
    this.#tally = tally
    this.#file = file
    this.#place = place
    this.#moments = new Moments(tally)
    this.attachments = new Attachments(tree, file, tally)
  }

  map(raw: RawMessage): Message {
    const { text, entities, contradiction } = flattenText(raw.text, raw.entities)
    const isInteger = !Number.isNaN(raw.id)
    const message: Message = {
      seq: this.#seq++,
      kind: raw.type === 'message' || raw.type === 'service' ? raw.type : 'unsupported',
      placeKey: this.#place.key,
      id: isInteger ? String(raw.id) : raw.idText,
      sentAt: this.#moments.moment(raw.date, raw.unixSeconds, raw.isUnixOdd, raw),
      authorKey: this.#accounts.keyOf(raw.fromId),
      authorName: typeof raw.from === 'string' ? raw.from : null,
      text,
      entities,
      attachments: [],
      raw: { file: this.#file, start: raw.start, end: raw.end },
    }
    this.#checkId(raw, message)
    if (!Number.isNaN(raw.replyTo)) message.replyTo = { id: String(raw.replyTo) }
    if (raw.isRepaired) message.isRepaired = true
    if (raw.rare !== null) this.#addRare(message, raw.rare, raw)
    if (contradiction !== null) {
      this.#tally.warn('TEXT_MISMATCH', nameOf(raw))
      message.otherTexts = [...(message.otherTexts ?? []), { field: 'text_entities', text: contradiction }]
    }
    if (message.kind === 'service') this.#addService(message, raw.rare)
    if (message.kind === 'unsupported') this.#noteUnsupported(raw)
    return message
  }

  #checkId(raw: RawMessage, message: Message): void {
    if (Number.isNaN(raw.id)) {
      this.#tally.warn('ID_FORM', nameOf(raw))
      return
    }
    if (raw.id < 0) {
      message.isMigrated = true
      message.originalId = String(raw.id + MIGRATION_SHIFT)
    }
    if (this.#seen.hasThenAdd(raw.id)) this.#tally.warn('DUPLICATE_ID', nameOf(raw))
    else if (this.#seen.isFull) this.#tally.warn('DUPLICATE_ID_UNCHECKED', nameOf(raw))
  }

  #addRare(message: Message, members: JsonObject, raw: RawMessage): void {
    let needs = 0
    for (const name in members) needs |= NEEDS_BY_MEMBER.get(name) ?? 0
    if (needs === 0) return
    if (needs & NEEDS.media) message.attachments = this.attachments.read(members, raw)
    if (needs & NEEDS.forward) message.forward = this.#forward(members)
    if (needs & NEEDS.edit) {
      const unixtime = members['edited_unixtime']
      const seconds = unixSecondsOf(unixtime)
      const isOdd = unixtime !== undefined && Number.isNaN(seconds)
      message.editedAt = this.#moments.moment(members['edited'], seconds, isOdd, raw)
    }
    if (needs & NEEDS.reactions) message.reactions = reactionsOf(members['reactions'])
    if (needs & NEEDS.contact) {
      const contact = contactOf(members['contact_information'])
      if (contact) message.contact = contact
    }
    if (needs & NEEDS.replyPeer && message.replyTo) {
      const placeKey = this.#accounts.keyOf(members['reply_to_peer_id'])
      if (placeKey !== null) message.replyTo.placeKey = placeKey
    }
    if (needs & NEEDS.words) addWords(message, members)
  }

  #forward(members: JsonObject): Forward {
    const forward: Forward = {}
    const name = members['forwarded_from'] ?? members['saved_from']
    const accountKey = this.#accounts.keyOf(members['forwarded_from_id'])
    if (typeof name === 'string') forward.name = name
    if (accountKey !== null) forward.accountKey = accountKey
    return forward
  }

  #addService(message: Message, members: JsonObject | null): void {
    const service = serviceOf(members)
    message.service = service
    message.authorKey ??= this.#accounts.keyOf(service['actor_id'])
    if (message.authorName === null && typeof service['actor'] === 'string')
      message.authorName = service['actor']
    const title = titleGivenBy(service)
    if (title === null || this.#titles === MOST_TITLES) return
    this.#titles++
    this.#tally.place({ ...this.#place, titles: [title] })
  }

  #noteUnsupported(raw: RawMessage): void {
    const detail = raw.type === 'unsupported' ? 'the exporter did not know this kind' : 'unknown type'
    this.#tally.gap({ kind: 'unsupported', file: this.#file, start: raw.start, end: raw.end, detail })
  }
}

function addWords(message: Message, members: JsonObject): void {
  const links = hiddenLinksOf(members)
  const texts = otherTextsOf(members)
  if (links.length > 0) message.hiddenLinks = links
  if (texts.length > 0) message.otherTexts = texts
}

import type { Attachment, Forward, Message, Moment, SourceTree } from '../model.ts'
import type { Tally } from '../tally.ts'
import { refusalOf } from '../telegram-json/index.ts'
import { SeenIds } from '../telegram-json/seen-ids.ts'
import type { Zone } from '../whatsapp/index.ts'
import type { Block } from './blocks.ts'
import { allByClass, attributeOf, type Element, findByClass, isElement, lineOf, visit } from './element.ts'
import { findMedia } from './media.ts'
import { readPageTime } from './page-time.ts'
import { richTextOf } from './rich-text.ts'

/** Ids of messages from before a group became a supergroup are written less this. */
const MIGRATED_SHIFT = 1_000_000_000
const MIGRATED_BELOW = -900_000_000
/** Telegram leaves the name out for so long after the same sender's last message. */
const JOINED_WITHIN_MS = 900_000
const UNSUPPORTED = 'This message is not supported by this version of Telegram Desktop.'

export interface MapperParts {
  tree: SourceTree
  placeKey: string
  zone: Zone | null
  tally: Tally
}

/** Turns blocks into messages, carrying over what the page leaves out for consecutive messages of one sender. */
export class MessageMapper {
  readonly #parts: MapperParts
  readonly #seen = new SeenIds()
  #seq = 0
  #author: Author | null = null
  #forwardName: string | null = null
  #previousMs: number | null = null
  #day: string | null = null

  constructor(parts: MapperParts) {
    this.#parts = parts
  }

  /** Null for what is no message: a date separator. `file` is the page, inside the export. */
  async map(root: Element, block: Block, file: string): Promise<Message | null> {
    const id = this.#readId(root, block)
    const base = {
      seq: this.#seq,
      placeKey: this.#parts.placeKey,
      ...id,
      entities: [],
      attachments: [],
      raw: { file, start: block.start, end: block.end },
    }
    const message = root.classes.has('service')
      ? this.#service(root, base)
      : await this.#default(root, base, file.slice(0, file.lastIndexOf('/') + 1))
    if (!message) return null
    this.#seq++
    if (message.id !== null) this.#countId(message.id)
    this.#parts.tally.message(message)
    return message
  }

  #readId(root: Element, block: Block): Pick<Message, 'id' | 'originalId' | 'isMigrated'> {
    const text = (attributeOf(root, 'id') ?? '').slice('message'.length)
    if (!/^-?\d{1,15}$/.test(text)) {
      this.#parts.tally.warn('ID_FORM', String(block.start))
      return { id: text === '' ? null : text }
    }
    const number = Number(text)
    if (number > MIGRATED_BELOW) return { id: text }
    return { id: text, originalId: String(number + MIGRATED_SHIFT), isMigrated: true }
  }

  #countId(id: string): void {
    const number = Number(id)
    if (Number.isSafeInteger(number) && this.#seen.hasThenAdd(number))
      this.#parts.tally.warn('DUPLICATE_ID', id)
  }

  #service(root: Element, base: BaseMessage): Message | null {
    const body = findByClass(root, 'body')
    const { text, isRepaired } = body ? richTextOf(body) : { text: '', isRepaired: false }
    this.#author = null
    this.#previousMs = null
    if (base.id?.startsWith('-') && !base.isMigrated) {
      this.#day = text.trim()
      return null
    }
    const isUnsupported = text.startsWith(UNSUPPORTED)
    if (isUnsupported) {
      const { file, start, end } = base.raw
      this.#parts.tally.gap({ kind: 'unsupported', file, start, end, detail: base.id ?? '' })
    }
    return {
      ...base,
      kind: isUnsupported ? 'unsupported' : 'service',
      // Pages print no time for these; the date line above them is all there is.
      sentAt: { utcMs: null, local: this.#day, precision: 'day', zone: 'unknown' },
      authorKey: null,
      authorName: null,
      text: isUnsupported ? '' : text.trim(),
      service: { action: null },
      ...(isRepaired ? { isRepaired } : {}),
    }
  }

  async #default(root: Element, base: BaseMessage, folder: string): Promise<Message> {
    const body = findByClass(root, 'body') ?? root
    const forwarded = body.children.find(
      (child): child is Element =>
        isElement(child) && child.classes.has('forwarded') && child.classes.has('body'),
    )
    const content = forwarded ?? body
    const sentAt = this.#timeOf(findByClass(body, 'date', 'forwarded'), base)
    const author = this.#authorOf(root, body, sentAt, base)
    const text = directChild(content, 'text')
    const rich = text ? richTextOf(text) : { text: '', entities: [], isRepaired: false }
    const media = findMedia(content)
    const message: Message = {
      ...base,
      kind: 'message',
      sentAt,
      authorKey: author ? `tg:name:${author.name}` : null,
      authorName: author?.name ?? null,
      text: rich.text,
      entities: rich.entities,
      attachments: await this.#attachments(media.files, base, folder),
    }
    if (rich.isRepaired) message.isRepaired = true
    if (media.contact) message.contact = media.contact
    const forward = forwarded ? this.#forwardOf(forwarded) : null
    if (forward) message.forward = forward
    else this.#forwardName = null
    const replyTo = replyOf(content)
    if (replyTo) message.replyTo = replyTo
    addExtras(message, { content, body, via: author?.via ?? null, media })
    return message
  }

  #timeOf(element: Element | null, base: BaseMessage): Moment {
    const title = element ? (attributeOf(element, 'title') ?? '') : ''
    const moment = readPageTime(title, this.#parts.zone)
    if (!moment) {
      this.#parts.tally.warn('DATE_FORM', base.id ?? String(base.raw.start))
      return { utcMs: null, local: title === '' ? null : title, precision: 's', zone: 'unknown' }
    }
    if (moment.candidatesMs)
      this.#parts.tally.warn('SUMMER_TIME_AMBIGUOUS', base.id ?? String(base.raw.start))
    return moment
  }

  #authorOf(root: Element, body: Element, sentAt: Moment, base: BaseMessage): Author | null {
    const at = sentAt.utcMs ?? sentAt.candidatesMs?.[0] ?? null
    const element = directChild(body, 'from_name')
    if (element) this.#author = splitVia(lineOf(element))
    else if (!root.classes.has('joined') || !this.#author) {
      this.#author = null
      this.#parts.tally.warn('AUTHOR_MISSING', base.id ?? String(base.raw.start))
    } else if (
      at !== null &&
      this.#previousMs !== null &&
      Math.abs(at - this.#previousMs) > JOINED_WITHIN_MS
    ) {
      this.#parts.tally.warn('JOINED_TOO_LATE', base.id ?? String(base.raw.start))
    }
    this.#previousMs = at
    return this.#author
  }

  #forwardOf(forwarded: Element): Forward {
    const element = directChild(forwarded, 'from_name')
    // Without a name it is of the same origin as the message before.
    if (!element) return this.#forwardName === null ? {} : forwardNamed(this.#forwardName)
    const { name } = splitVia(lineOf(element, 'date'))
    this.#forwardName = name
    const date = findByClass(element, 'date')
    const moment = date ? readPageTime(attributeOf(date, 'title') ?? '', this.#parts.zone) : null
    const atMs = moment?.utcMs ?? null
    return atMs === null ? forwardNamed(name) : { ...forwardNamed(name), atMs }
  }

  async #attachments(
    files: readonly { attachment: Attachment; link: string | null }[],
    base: BaseMessage,
    folder: string,
  ): Promise<Attachment[]> {
    const all: Attachment[] = []
    for (const { attachment, link } of files) {
      const path = link === null ? null : folder + link
      const located = path === null ? attachment : await this.#locate(attachment, path)
      all.push(located)
      if (path === null || located.state !== 'refused') continue
      this.#parts.tally.warn(refusalOf(path), base.id ?? String(base.raw.start))
    }
    return all
  }

  async #locate(attachment: Attachment, path: string): Promise<Attachment> {
    const asked = this.#parts.tree.state(path)
    const state = typeof asked === 'string' ? asked : await asked
    if (state === 'refused') return { ...attachment, state }
    if (state === 'present' || !path.includes('%')) return { ...attachment, state, path }
    // A page saved again by a browser has its links percent-encoded.
    const decoded = decodePercent(path)
    const again = decoded === null ? 'missing' : await this.#parts.tree.state(decoded)
    return again === 'present' && decoded !== null
      ? { ...attachment, state: again, path: decoded }
      : { ...attachment, state, path }
  }
}

interface Author {
  name: string
  /** The bot it was sent through, `@name`. */
  via: string | null
}

type BaseMessage = Pick<
  Message,
  'seq' | 'placeKey' | 'id' | 'originalId' | 'isMigrated' | 'entities' | 'attachments' | 'raw'
>

function directChild(element: Element, className: string): Element | null {
  return (
    element.children.find((child): child is Element => isElement(child) && child.classes.has(className)) ??
    null
  )
}

function splitVia(line: string): Author {
  const match = /^(.*\S) via (@\w{1,64})$/s.exec(line)
  return match?.[1] === undefined ? { name: line, via: null } : { name: match[1], via: match[2] ?? null }
}

function forwardNamed(name: string): Forward {
  return { name, accountKey: `tg:name:${name}` }
}

function replyOf(content: Element): Message['replyTo'] | null {
  const element = directChild(content, 'reply_to')
  const link = element?.children.find((child): child is Element => isElement(child) && child.name === 'a')
  const id = link ? /#go_to_message(-?\d{1,15})$/.exec(attributeOf(link, 'href') ?? '')?.[1] : undefined
  return id === undefined ? null : { id }
}

function decodePercent(path: string): string | null {
  try {
    return decodeURIComponent(path)
  } catch {
    return null
  }
}

/** What is not text, author or time: signature, bot, polls, buttons, links behind them, reactions. */
function addExtras(
  message: Message,
  parts: { content: Element; body: Element; via: string | null; media: ReturnType<typeof findMedia> },
): void {
  const { content, body, via, media } = parts
  const otherTexts = [...media.otherTexts]
  const hiddenLinks = [...media.links]
  if (via !== null) otherTexts.push({ field: 'via_bot', text: via })
  const signature = directChild(content, 'signature')
  if (signature) otherTexts.push({ field: 'signature', text: lineOf(signature) })
  for (const table of allByClass(content, 'bot_buttons_table')) {
    visit(table, (child) => {
      if (child.name !== 'a') return
      otherTexts.push({ field: 'button', text: lineOf(child) })
      const href = attributeOf(child, 'href')
      if (href) hiddenLinks.push(href)
    })
  }
  const reactions = allByClass(body, 'reaction').map(reactionOf)
  if (otherTexts.length > 0) message.otherTexts = otherTexts
  if (hiddenLinks.length > 0) message.hiddenLinks = hiddenLinks
  if (reactions.length > 0) message.reactions = reactions
}

/** Who reacted is not kept: only how many. */
function reactionOf(element: Element): { kind: string; value: string; count: number } {
  const emoji = findByClass(element, 'emoji')
  const count = findByClass(element, 'count')
  const stated = count ? Number.parseInt(lineOf(count), 10) : Number.NaN
  const kind = element.classes.has('paid') ? 'paid' : 'emoji'
  return {
    kind,
    value: emoji ? lineOf(emoji) : '',
    count: Number.isFinite(stated) ? stated : Math.max(1, allByClass(element, 'userpic').length),
  }
}

import type { Attachment, AttachmentKind, AttachmentState, Message } from '../model.ts'
import { allByClass, attributeOf, type Element, findByClass, lineOf } from './element.ts'

/** What a message says about media, before the files are looked for. `link` is a path inside the export. */
export interface FoundMedia {
  files: { attachment: Attachment; link: string | null }[]
  contact: Message['contact'] | null
  otherTexts: { field: string; text: string }[]
  links: string[]
}

const KINDS_BY_WRAP: readonly (readonly [string, AttachmentKind])[] = [
  ['photo_wrap', 'photo'],
  ['video_file_wrap', 'video'],
  ['animated_wrap', 'animation'],
  ['sticker_wrap', 'sticker'],
]

const KINDS_BY_TITLE: ReadonlyMap<string, AttachmentKind> = new Map([
  ['Video message', 'round'],
  ['Voice message', 'voice'],
  ['Animation', 'animation'],
  ['Sticker', 'sticker'],
  ['Video file', 'video'],
  ['Audio file', 'audio'],
])

const KINDS_BY_CLASS: readonly (readonly [string, AttachmentKind])[] = [
  ['media_photo', 'photo'],
  ['media_video', 'video'],
  ['media_voice_message', 'voice'],
  ['media_audio_file', 'audio'],
  ['media_file', 'file'],
]

/** The reason the exporter gives for a file it did not write. */
const STATES_BY_DESCRIPTION: ReadonlyMap<string, AttachmentState> = new Map([
  ['Not included, change data exporting settings to download.', 'not-included'],
  ['Exceeds maximum size, change data exporting settings to download.', 'too-large'],
  ['Unavailable, please try again later.', 'unavailable'],
])

export function findMedia(body: Element): FoundMedia {
  const found: FoundMedia = { files: [], contact: null, otherTexts: [], links: [] }
  for (const wrap of allByClass(body, 'media_wrap')) readWrap(wrap, found)
  return found
}

function readWrap(wrap: Element, found: FoundMedia): void {
  for (const [className, kind] of KINDS_BY_WRAP) {
    const shown = findByClass(wrap, className)
    if (shown) {
      readShown(shown, kind, found)
      return
    }
  }
  const poll = findByClass(wrap, 'media_poll')
  if (poll) readPoll(poll, found)
  const media = findByClass(wrap, 'media')
  if (media) readGeneric(media, found)
}

/** A picture or video the page shows as such: a link to the file around its thumbnail. */
function readShown(element: Element, kind: AttachmentKind, found: FoundMedia): void {
  const link = attributeOf(element, 'href')
  const attachment: Attachment = { kind, state: link ? 'missing' : 'unavailable' }
  const seconds = secondsOf(findByClass(element, 'video_duration'))
  if (seconds !== null) attachment.seconds = seconds
  found.files.push({ attachment, link })
  const image = element.children.find(
    (child): child is Element => typeof child !== 'string' && child.name === 'img',
  )
  const thumbnail = image ? attributeOf(image, 'src') : null
  if (thumbnail && thumbnail !== link) {
    found.files.push({ attachment: { kind: 'thumbnail', state: 'missing' }, link: thumbnail })
  }
}

function readGeneric(media: Element, found: FoundMedia): void {
  const line = (className: string) => {
    const element = findByClass(media, className)
    return element ? lineOf(element) : ''
  }
  const parts = { title: line('title'), description: line('description'), status: line('status') }
  const href = attributeOf(media, 'href')
  const isOutside = href !== null && /^[a-z][a-z0-9+.-]*:/i.test(href)
  if (isOutside) found.links.push(href)
  if (media.classes.has('media_contact')) {
    readContact(parts, isOutside ? null : href, found)
    return
  }
  const kind =
    KINDS_BY_TITLE.get(parts.title) ?? KINDS_BY_CLASS.find(([className]) => media.classes.has(className))?.[1]
  if (!kind) {
    for (const [field, text] of Object.entries(parts)) if (text !== '') found.otherTexts.push({ field, text })
    return
  }
  const stated = STATES_BY_DESCRIPTION.get(parts.description)
  const attachment: Attachment = { kind, state: stated ?? (href ? 'missing' : 'unavailable') }
  describe(attachment, media, parts)
  if (attachment.fileName === undefined && kind === 'audio' && parts.title !== 'Audio file') {
    found.otherTexts.push({ field: 'title', text: parts.title })
  }
  found.files.push({ attachment, link: stated || isOutside ? null : href })
}

function describe(attachment: Attachment, media: Element, parts: { title: string; status: string }): void {
  if (media.classes.has('media_file') && parts.title !== '' && parts.title !== 'File') {
    attachment.fileName = parts.title
  }
  const size = /^(\d{1,6})\s?[x\u00d7]\s?(\d{1,6})/.exec(parts.status)
  if (size) {
    attachment.width = Number(size[1])
    attachment.height = Number(size[2])
  }
  const seconds = parseSeconds(parts.status)
  if (seconds !== null) attachment.seconds = seconds
}

function readContact(parts: { title: string; status: string }, card: string | null, found: FoundMedia): void {
  const phone = parts.status.replace(/ - vCard$/, '')
  found.contact = { firstName: parts.title, ...(phone === '' ? {} : { phone }) }
  if (card) found.files.push({ attachment: { kind: 'contact-card', state: 'missing' }, link: card })
}

function readPoll(poll: Element, found: FoundMedia): void {
  const question = findByClass(poll, 'question')
  if (question) found.otherTexts.push({ field: 'question', text: lineOf(question) })
  for (const answer of allByClass(poll, 'answer')) {
    found.otherTexts.push({ field: 'answer', text: lineOf(answer, 'details').replace(/^- /, '') })
  }
}

function secondsOf(element: Element | null): number | null {
  return element ? parseSeconds(lineOf(element)) : null
}

/** `MM:SS` or `H:MM:SS` at the beginning of a status line. */
function parseSeconds(text: string): number | null {
  const match = /^(?:(\d{1,3}):)?(\d{1,2}):(\d{2})(?:$|,)/.exec(text)
  return match ? Number(match[1] ?? 0) * 3600 + Number(match[2]) * 60 + Number(match[3]) : null
}

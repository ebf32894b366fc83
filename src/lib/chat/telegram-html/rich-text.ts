import type { Entity } from '../model.ts'
import { decodeUnits } from './byte-text.ts'
import { attributeOf, type Element, isElement } from './element.ts'

const TYPES_BY_TAG: ReadonlyMap<string, string> = new Map([
  ['strong', 'bold'],
  ['b', 'bold'],
  ['em', 'italic'],
  ['i', 'italic'],
  ['code', 'code'],
  ['pre', 'pre'],
  ['u', 'underline'],
  ['s', 'strikethrough'],
  ['del', 'strikethrough'],
  ['blockquote', 'blockquote'],
])

const TYPES_BY_SCRIPT: readonly (readonly [string, string])[] = [
  ['ShowHashtag', 'hashtag'],
  ['ShowCashtag', 'cashtag'],
  ['ShowBotCommand', 'bot_command'],
  ['ShowMentionName', 'mention_name'],
]

export interface RichText {
  text: string
  entities: Entity[]
  isRepaired: boolean
}

/**
 * The text of a message with its entities, offsets in UTF-16 units of the text. `<br>` is a line break; the line breaks
 * and indentation the exporter puts around the text are not part of it.
 */
export function richTextOf(element: Element): RichText {
  const out: RichText = { text: '', entities: [], isRepaired: false }
  append(element, out)
  const leading = /^\n/.exec(out.text)?.[0].length ?? 0
  const text = out.text.slice(leading).replace(/\r?\n[ \t]*$/, '')
  const entities = out.entities
    .map((entity) => ({
      ...entity,
      start: Math.max(0, entity.start - leading),
      end: Math.min(text.length, entity.end - leading),
    }))
    .filter((entity) => entity.end > entity.start)
    .sort((a, b) => a.start - b.start)
  return { ...out, text, entities }
}

function append(element: Element, out: RichText): void {
  for (const child of element.children) {
    if (!isElement(child)) {
      const { text, isRepaired } = decodeUnits(child)
      out.text += text
      if (isRepaired) out.isRepaired = true
    } else if (child.name === 'br') out.text += '\n'
    else appendElement(child, out)
  }
}

function appendElement(element: Element, out: RichText): void {
  const start = out.text.length
  append(element, out)
  const type = typeOf(element, out.text.slice(start))
  if (!type) return
  const entity: Entity = { type, start, end: out.text.length }
  const href = type === 'text_link' ? attributeOf(element, 'href') : null
  if (href) entity.href = href
  out.entities.push(entity)
}

function typeOf(element: Element, shown: string): string | null {
  if (element.name === 'a') return linkType(element, shown)
  if (element.name === 'span') return element.classes.has('spoiler') ? 'spoiler' : null
  return TYPES_BY_TAG.get(element.name) ?? null
}

function linkType(element: Element, shown: string): string | null {
  const script = attributeOf(element, 'onclick') ?? ''
  for (const [name, type] of TYPES_BY_SCRIPT) if (script.includes(name)) return type
  const href = attributeOf(element, 'href') ?? ''
  if (href === '') return null
  if (href.startsWith('mailto:')) return 'email'
  if (href.startsWith('tel:')) return 'phone'
  if (shown.startsWith('@') && /^https?:\/\/t\.me\//.test(href)) return 'mention'
  return href.replace(/^[a-z]+:\/\//i, '') === shown.replace(/^[a-z]+:\/\//i, '') ? 'link' : 'text_link'
}

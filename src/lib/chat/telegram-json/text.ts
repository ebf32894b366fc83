import type { Entity } from '../model.ts'
import { isJsonObject } from './json.ts'

export interface FlatText {
  text: string
  entities: Entity[]
  /** What `text_entities` says, when it is not the same words. */
  contradiction: string | null
}

/**
 * Text of a message and where its entities stand. `text` is a string, or a list of strings and `{type, text}` objects;
 * `text_entities` (absent in old exports) is the same as a list of objects only. When the two differ, `text` counts.
 */
export function flattenText(text: unknown, entities: unknown): FlatText {
  if (!Array.isArray(entities)) return fromParts(text)
  const listed = joinParts(entities)
  const plain = typeof text === 'string' ? text : wordsOf(text)
  if (plain === listed.text) return { ...listed, contradiction: null }
  return { ...fromParts(text), contradiction: listed.text }
}

function fromParts(text: unknown): FlatText {
  if (typeof text === 'string') return { text, entities: [], contradiction: null }
  if (!Array.isArray(text)) return { text: '', entities: [], contradiction: null }
  return { ...joinParts(text), contradiction: null }
}

function wordsOf(parts: unknown): string {
  if (!Array.isArray(parts)) return ''
  let words = ''
  for (const part of parts) words += wordsOfPart(part)
  return words
}

function wordsOfPart(part: unknown): string {
  if (typeof part === 'string') return part
  if (!isJsonObject(part)) return ''
  const words = part['text']
  return typeof words === 'string' ? words : ''
}

function joinParts(parts: readonly unknown[]): { text: string; entities: Entity[] } {
  const entities: Entity[] = []
  let text = ''
  for (const part of parts) {
    const start = text.length
    text += wordsOfPart(part)
    if (!isJsonObject(part)) continue
    const type = part['type']
    if (typeof type !== 'string' || type === 'plain') continue
    const entity: Entity = { type, start, end: text.length }
    const { href, user_id: userId } = part
    if (typeof href === 'string') entity.href = href
    if (typeof userId === 'number' || typeof userId === 'string') entity.userId = String(userId)
    entities.push(entity)
  }
  return { text, entities }
}

import type { Member } from './members.ts'
import { exporterString, type TextPart, textJson } from './telegram-text.ts'

export const NOT_INCLUDED = '(File not included. Change data exporting settings to download.)'

/** Media of a message: member names and values in the order the exporter writes them. */
export type MediaFields = readonly (readonly [string, string | number])[]

export interface ChatMessage {
  id: number
  unix: number
  editedUnix?: number
  from: Member
  forwardedFrom?: string
  replyTo?: number
  media?: MediaFields
  parts: readonly TextPart[]
  reaction?: { emoji: string; count: number; recent: Member; unix: number }
}

export interface ServiceMessage {
  id: number
  unix: number
  actor: Member
  action: string
  /** Lists are written as arrays of names. */
  fields: readonly (readonly [string, string | number | readonly (string | null)[]])[]
}

/** `2025-01-31T17:59:43` at `offsetSeconds` east of UTC. */
export function localTime(unix: number, offsetSeconds: number): string {
  return new Date((unix + offsetSeconds) * 1000).toISOString().slice(0, 19)
}

/** One element of `messages`, laid out as Telegram Desktop 6 does: one space per level, this order of members. */
export function chatMessageJson(message: ChatMessage, offsetSeconds: number): string {
  let json = head(message.id, 'message', message.unix, offsetSeconds)
  if (message.editedUnix !== undefined) json += dates('edited', message.editedUnix, offsetSeconds)
  json += line('from', message.from.name) + line('from_id', message.from.id)
  if (message.forwardedFrom !== undefined) json += line('forwarded_from', message.forwardedFrom)
  if (message.replyTo !== undefined) json += line('reply_to_message_id', message.replyTo)
  for (const [name, value] of message.media ?? []) json += line(name, value)
  json += textJson(message.parts)
  if (message.reaction) json += reactionJson(message.reaction, offsetSeconds)
  return `${json}\n  }`
}

export function serviceMessageJson(message: ServiceMessage, offsetSeconds: number): string {
  let json = head(message.id, 'service', message.unix, offsetSeconds)
  json +=
    line('actor', message.actor.name) + line('actor_id', message.actor.id) + line('action', message.action)
  for (const [name, value] of message.fields) {
    json +=
      typeof value === 'object'
        ? `   "${name}": [\n${value.map(member).join(',\n')}\n   ],\n`
        : line(name, value)
  }
  return `${json}${textJson([])}\n  }`
}

function member(name: string | null): string {
  return `    ${name === null ? 'null' : exporterString(name)}`
}

function head(id: number, type: string, unix: number, offsetSeconds: number): string {
  return `  {\n   "id": ${id},\n   "type": "${type}",\n${dates('date', unix, offsetSeconds)}`
}

function dates(name: string, unix: number, offsetSeconds: number): string {
  return `   "${name}": "${localTime(unix, offsetSeconds)}",\n   "${name}_unixtime": "${unix}",\n`
}

function line(name: string, value: string | number | null): string {
  return `   "${name}": ${typeof value === 'string' ? exporterString(value) : value},\n`
}

function reactionJson(reaction: NonNullable<ChatMessage['reaction']>, offsetSeconds: number): string {
  const { emoji, count, recent, unix } = reaction
  const from = recent.name === null ? 'null' : exporterString(recent.name)
  const last = `      {\n       "from": ${from},\n       "from_id": "${recent.id}",\n       "date": "${localTime(unix, offsetSeconds)}"\n      }`
  return (
    `,\n   "reactions": [\n    {\n     "type": "emoji",\n     "count": ${count},\n     "emoji": "${emoji}",\n` +
    `     "recent": [\n${last}\n     ]\n    }\n   ]`
  )
}

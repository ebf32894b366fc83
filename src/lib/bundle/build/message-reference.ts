import { utf8 } from '../format/bytes.ts'
import { visibleText } from '../format/visible-text.ts'
import type { Exhibit } from '../model.ts'

/**
 * Where an exhibit stood and what it was, as lines of text. The log records its digest, so that a pointer can be proven
 * without the file being handed over. Null without a source.
 */
export function messageReference({ source, original }: Exhibit): Uint8Array | null {
  if (source === null) return null
  const { platform, placeId, messageId, authorId, sentAt, raw } = source
  const lines: [string, string | null][] = [
    ['platform', platform],
    ['place', placeId],
    ['message', messageId],
    ['account', authorId],
    ['sent', sentAt.utc ?? sentAt.local],
    ['sha256', original?.sha256 ?? null],
    ['message-sha256', raw?.sha256 ?? null],
  ]
  return utf8(lines.map(([name, value]) => `${name}: ${visibleText(value ?? '')}\n`).join(''))
}

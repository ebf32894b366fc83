import { createHash } from 'node:crypto'
import type { ShownIn, SightingContext } from '#contract/sighting-context.ts'
import type { RawRange } from '#lib/chat/index.ts'
import { maskId, maskKey, maskPath, maskText } from '../scan/mask-text.ts'
import type { NearbyIdentifiers } from '../scan/nearby-identifiers.ts'
import type { LocalTree } from '../source/index.ts'
import type { ShowingMessage } from './find-pictures.ts'
import type { SamePicture } from './group-pictures.ts'

/** Of all files together: more would not help anybody and would make the sealed record long. */
const MAX_SHOWN = 20
const MAX_IDENTIFIERS = 20
/** A message is text: more than this is not read again for its digest. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024

export interface ContextFacts {
  readonly tree: LocalTree
  readonly nearby: NearbyIdentifiers
  readonly format: string
  readonly collected: string
}

/** What is said, sealed, of a picture: where it stands in the export, and what was posted around it, masked. */
export async function contextRecord(
  { tree, nearby, format, collected }: ContextFacts,
  { sha256, files }: SamePicture,
  size: { readonly width: number; readonly height: number },
): Promise<SightingContext> {
  const all = files.flatMap((file) => file.messages.map((message) => ({ message, path: file.path })))
  const leftOut = files.reduce((sum, file) => sum + file.messagesLeftOut, 0)
  const shown: ShownIn[] = []
  for (const { message, path } of all.slice(0, MAX_SHOWN)) {
    shown.push(await shownIn(message, path, { tree, nearby }))
  }
  return {
    saksiSighting: 1,
    collected,
    export: { name: maskText(tree.name), format },
    picture: { sha256, ...size },
    shown,
    shownLeftOut: leftOut + Math.max(0, all.length - MAX_SHOWN),
  }
}

async function shownIn(
  { seq, id, sentAt, placeKey, authorKey, raw, isForwarded }: ShowingMessage,
  path: string,
  { tree, nearby }: Pick<ContextFacts, 'tree' | 'nearby'>,
): Promise<ShownIn> {
  const { identifiers, leftOut } = nearby.around(seq)
  const messageId = maskId(id)
  const digest = await digestOf(tree, raw)
  return {
    ...(messageId !== null && { messageId }),
    ...(sentAt.utcMs !== null && { sentAt: new Date(sentAt.utcMs).toISOString() }),
    ...(sentAt.utcMs === null && sentAt.local !== null && { sentAtLocal: maskText(sentAt.local) }),
    ...(placeKey !== '' && { place: maskKey(placeKey) }),
    ...(authorKey !== null && { sender: maskKey(authorKey) }),
    isForwarded,
    attachment: maskPath(path),
    raw: {
      file: maskPath(raw.file),
      start: raw.start,
      end: raw.end,
      ...(digest !== null && { sha256: digest }),
    },
    identifiers: identifiers
      .slice(0, MAX_IDENTIFIERS)
      .map(({ kind, masked, confidence, messagesApart }) => ({ kind, masked, confidence, messagesApart })),
    identifiersLeftOut: leftOut + Math.max(0, identifiers.length - MAX_IDENTIFIERS),
  }
}

async function digestOf(tree: LocalTree, { file, start, end }: RawRange): Promise<string | null> {
  if (end <= start || end - start > MAX_MESSAGE_BYTES) return null
  const source = await tree.open(file)
  if (source === null) return null
  return createHash('sha256')
    .update(await source.slice(start, end))
    .digest('hex')
}

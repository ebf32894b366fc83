import {
  type ChatReader,
  extractIdentifiers,
  type Message,
  PICTURE_MAGIC_BYTES,
  pictureTypeOf,
} from '#lib/chat/index.ts'
import { AppError } from '#lib/errors/index.ts'
import { NearbyIdentifiers } from '../scan/nearby-identifiers.ts'
import { isPictureAttachment } from '../scan/picture-attachments.ts'
import { isWithheld, pathKey, type Withheld } from '../scan/withhold.ts'
import type { LocalTree } from '../source/index.ts'

/** What is kept of a message that shows a picture: nothing of its text. */
export type ShowingMessage = Pick<Message, 'seq' | 'id' | 'sentAt' | 'placeKey' | 'authorKey' | 'raw'> & {
  readonly isForwarded: boolean
}

/** A picture file of an export and the messages that show it, the first few of them. */
export interface PictureFile {
  readonly path: string
  readonly messages: ShowingMessage[]
  messagesLeftOut: number
  /** Of its last message: newest pictures are sent first. */
  lastSeq: number
}

export interface FoundPictures {
  readonly files: readonly PictureFile[]
  readonly nearby: NearbyIdentifiers
  /** Suspected child abuse material: a count, and nothing else. */
  readonly withheld: number
  /** Named in the export but not in it. */
  readonly notInExport: number
  /** Files that no message names and that were not opened, because something is withheld. */
  readonly unnamedLeft: number
}

const MAX_MESSAGES = 20

interface Search {
  readonly tree: LocalTree
  readonly reader: ChatReader
  readonly withheld: Withheld
  readonly signal: AbortSignal
}

/** Reads the messages of an export once and gives its pictures. Opens no withheld one. Throws what the reader throws. */
export async function findPictures(search: Search): Promise<FoundPictures> {
  const finder = new Finder(search)
  for await (const batch of search.reader.batches()) {
    search.signal.throwIfAborted()
    for (const message of batch) await finder.read(message)
  }
  return finder.finish()
}

class Finder {
  readonly #search: Search
  readonly #files = new Map<string, PictureFile>()
  readonly #named = new Set<string>()
  readonly #nearby = new NearbyIdentifiers()
  readonly #withheldSeen = new Set<string>()
  #withheld = 0
  #notInExport = 0

  constructor(search: Search) {
    this.#search = search
  }

  async read(message: Message): Promise<void> {
    const identifiers = extractIdentifiers(message)
    if (identifiers.length > 0) this.#nearby.mention(message.seq, message.id, identifiers)
    const { withheld, tree } = this.#search
    for (const attachment of message.attachments) {
      const { path, state } = attachment
      if (isWithheld(withheld, message.id, path)) {
        this.#withheld++
        if (path !== undefined) this.#withheldSeen.add(pathKey(path))
      } else if (state === 'present' && path !== undefined) {
        this.#named.add(path)
        if (!isPictureAttachment(attachment) && !(await isPicture(tree, path))) continue
        this.#nearby.picture(message.seq)
        this.#add(path, message)
      } else if (isPictureAttachment(attachment)) this.#notInExport++
    }
  }

  /** Pictures that no message names are looked at too, unless one of them could be what must not be opened. */
  async finish(): Promise<FoundPictures> {
    const { tree, reader, withheld, signal } = this.#search
    const mayOpen = withheld.messageIds.size === 0 && withheld.pathKeys.size === 0
    const isChat = new Set(reader.summary().sources.map(({ path }) => path))
    let unnamedLeft = 0
    for (const { path } of await tree.files()) {
      signal.throwIfAborted()
      if (this.#named.has(path) || isChat.has(path)) continue
      if (!mayOpen) unnamedLeft++
      else if (await isPicture(tree, path)) this.#add(path, null)
    }
    for (const key of withheld.pathKeys) if (!this.#withheldSeen.has(key)) this.#withheld++
    return {
      files: [...this.#files.values()],
      nearby: this.#nearby,
      withheld: this.#withheld,
      notInExport: this.#notInExport,
      unnamedLeft,
    }
  }

  #add(path: string, message: Message | null): void {
    const file = this.#files.get(path) ?? { path, messages: [], messagesLeftOut: 0, lastSeq: -1 }
    this.#files.set(path, file)
    if (message === null) return
    file.lastSeq = Math.max(file.lastSeq, message.seq)
    if (file.messages.length >= MAX_MESSAGES) {
      file.messagesLeftOut++
      return
    }
    const { seq, id, sentAt, placeKey, authorKey, raw, forward } = message
    file.messages.push({ seq, id, sentAt, placeKey, authorKey, raw, isForwarded: forward !== undefined })
  }
}

/** By content: names and types in an export are what somebody wrote there. */
async function isPicture(tree: LocalTree, path: string): Promise<boolean> {
  try {
    const source = await tree.open(path)
    return source !== null && pictureTypeOf(await source.slice(0, PICTURE_MAGIC_BYTES)) !== null
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return false
  }
}

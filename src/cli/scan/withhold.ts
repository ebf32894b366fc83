import type { ChatReader, Message } from '#lib/chat/index.ts'
import { AppError } from '#lib/errors/index.ts'
import { type LocalTree, SourceError } from '../source/index.ts'

/** Attachments suspected to be child abuse material: never opened, only counted. */
export interface Withheld {
  messageIds: ReadonlySet<string>
  /** Files of those messages, and files withheld by name, as `pathKey`s. Another message may show the same file. */
  pathKeys: ReadonlySet<string>
}

export const NOTHING_WITHHELD: Withheld = { messageIds: new Set(), pathKeys: new Set() }

/**
 * One key for every spelling of a path: a name can stand in an export in another Unicode form, case or with other dots than
 * on the disk. Two files with one key are withheld together, which is the safe mistake.
 */
export function pathKey(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.')
  return parts.join('/').normalize('NFKC').toLowerCase().normalize('NFKC')
}

/**
 * Finds what is to be withheld, by message number or by file name, before any picture is decoded. `openReader` reads the
 * messages of a tree. Throws `AppError` `WITHHOLD_UNKNOWN` when a name is neither, because then a picture that must not be
 * opened would be.
 */
export async function findWithheld(
  tree: LocalTree,
  names: ReadonlySet<string>,
  openReader: (tree: LocalTree) => Promise<ChatReader>,
): Promise<Withheld> {
  const unknown = new Set(names)
  const pathKeys = new Set<string>()
  const namesByKey = new Map([...names].map((name) => [pathKey(name), name]))
  for (const { path } of await tree.files()) {
    const key = pathKey(path)
    const name = namesByKey.get(key) ?? namesByKey.get(key.slice(key.lastIndexOf('/') + 1))
    if (name === undefined) continue
    pathKeys.add(key)
    unknown.delete(name)
  }
  // Always, also when every name is a file's: a member can post a file whose name is the number of a message.
  if (names.size > 0) {
    const reader = await openReader(hideFiles(tree, pathKeys))
    // A folder of pictures has no messages, and going through it would read the pictures.
    const hasMessages = reader.format !== 'pictures'
    for await (const batch of hasMessages ? reader.batches() : []) {
      for (const message of batch) noteMessage(message, names, unknown, pathKeys)
    }
  }
  const [first] = unknown
  if (first !== undefined) {
    throw new AppError(
      'WITHHOLD_UNKNOWN',
      `There is no message and no file "${first}" in this export, so no picture was opened. Give the message number, or the name of the file in the export.`,
    )
  }
  return { messageIds: names, pathKeys }
}

function noteMessage(
  { id, attachments }: Message,
  names: ReadonlySet<string>,
  unknown: Set<string>,
  pathKeys: Set<string>,
): void {
  if (id === null || !names.has(id)) return
  unknown.delete(id)
  for (const { path } of attachments) if (path !== undefined) pathKeys.add(pathKey(path))
}

export function isWithheld(withheld: Withheld, messageId: string | null, path: string | undefined): boolean {
  return (
    (messageId !== null && withheld.messageIds.has(messageId)) ||
    (path !== undefined && withheld.pathKeys.has(pathKey(path)))
  )
}

/** The tree as if these files were not in it: whatever asks for one, it cannot be opened. */
export function hideFiles(tree: LocalTree, pathKeys: ReadonlySet<string>): LocalTree {
  if (pathKeys.size === 0) return tree
  const isHidden = (path: string): boolean => pathKeys.has(pathKey(path))
  return {
    name: tree.name,
    refused: tree.refused,
    files: async () => (await tree.files()).filter(({ path }) => !isHidden(path)),
    open: async (path) => (isHidden(path) ? null : await tree.open(path)),
    state: (path) => (isHidden(path) ? 'missing' : tree.state(path)),
    read: async (path, maxBytes) => {
      if (isHidden(path)) throw new SourceError('FILE_REFUSED', 'This file is withheld and is never opened.')
      return await tree.read(path, maxBytes)
    },
    close: () => tree.close(),
  }
}

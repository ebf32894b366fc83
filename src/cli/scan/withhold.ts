import type { ChatReader, Message } from '#lib/chat/index.ts'
import { AppError } from '#lib/errors/index.ts'
import { type LocalTree, SourceError } from '../source/index.ts'

/** Attachments suspected to be child abuse material: never opened, only counted. */
export interface Withheld {
  messageIds: ReadonlySet<string>
  /** Files of those messages, and files withheld by name. Another message may show the same file. */
  paths: ReadonlySet<string>
}

export const NOTHING_WITHHELD: Withheld = { messageIds: new Set(), paths: new Set() }

/**
 * Finds what is to be withheld, by message number or by file name, before any picture is opened. `openReader` reads the
 * messages of a tree. Throws `AppError` `WITHHOLD_UNKNOWN` when a name is
 * neither, because then a picture that must not be opened would be.
 */
export async function findWithheld(
  tree: LocalTree,
  names: ReadonlySet<string>,
  openReader: (tree: LocalTree) => Promise<ChatReader>,
): Promise<Withheld> {
  const unknown = new Set(names)
  const paths = new Set<string>()
  for (const { path } of await tree.files()) {
    const name = names.has(path) ? path : path.slice(path.lastIndexOf('/') + 1)
    if (!names.has(name)) continue
    paths.add(path)
    unknown.delete(name)
  }
  // Always, also when every name is a file's: a member can post a file whose name is the number of a message.
  if (names.size > 0) {
    const reader = await openReader(hideFiles(tree, paths))
    for await (const batch of reader.batches()) {
      for (const message of batch) noteMessage(message, names, unknown, paths)
    }
  }
  const [first] = unknown
  if (first !== undefined) {
    throw new AppError(
      'WITHHOLD_UNKNOWN',
      `There is no message and no file "${first}" in this export, so no picture was opened. Give the message number, or the name of the file in the export.`,
    )
  }
  return { messageIds: names, paths }
}

function noteMessage(
  { id, attachments }: Message,
  names: ReadonlySet<string>,
  unknown: Set<string>,
  paths: Set<string>,
): void {
  if (id === null || !names.has(id)) return
  unknown.delete(id)
  for (const { path } of attachments) if (path !== undefined) paths.add(path)
}

export function isWithheld(withheld: Withheld, messageId: string | null, path: string | undefined): boolean {
  return (
    (messageId !== null && withheld.messageIds.has(messageId)) ||
    (path !== undefined && withheld.paths.has(path))
  )
}

/** The tree as if these files were not in it: whatever asks for one, it cannot be opened. */
export function hideFiles(tree: LocalTree, paths: ReadonlySet<string>): LocalTree {
  if (paths.size === 0) return tree
  return {
    name: tree.name,
    refused: tree.refused,
    files: async () => (await tree.files()).filter(({ path }) => !paths.has(path)),
    open: async (path) => (paths.has(path) ? null : await tree.open(path)),
    state: (path) => (paths.has(path) ? 'missing' : tree.state(path)),
    read: async (path, maxBytes) => {
      if (paths.has(path)) throw new SourceError('FILE_REFUSED', 'This file is withheld and is never opened.')
      return await tree.read(path, maxBytes)
    },
    close: () => tree.close(),
  }
}

import type { Attachment, AttachmentKind, AttachmentState, EntryState, SourceTree } from '../model.ts'
import type { Tally } from '../tally.ts'
import { isHostilePath, refusalOf } from './hostile-path.ts'
import { type JsonObject, sizeOr, stringOr } from './json.ts'
import { nameOf, type RawMessage } from './raw-message.ts'

const KIND_BY_MEDIA_TYPE: ReadonlyMap<unknown, AttachmentKind> = new Map([
  ['sticker', 'sticker'],
  ['video_message', 'round'],
  ['voice_message', 'voice'],
  ['animation', 'animation'],
  ['video_file', 'video'],
  ['audio_file', 'audio'],
] as const)

/** What the exporter writes in place of a path; it may be preceded by a name and a space. */
const PLACEHOLDERS: ReadonlyMap<string, AttachmentState> = new Map(
  ['File', 'Photo', 'Story'].flatMap((noun): [string, AttachmentState][] => [
    [`(${noun} not included. Change data exporting settings to download.)`, 'not-included'],
    [`(${noun} exceeds maximum size. Change data exporting settings to download.)`, 'too-large'],
    [`(${noun} unavailable, please try again later)`, 'unavailable'],
  ]),
)

/**
 * Attachments of the messages of one export. Nothing is opened: the tree is only asked whether a path is there. Where
 * it answers later, `settle` waits for it.
 */
export class Attachments {
  readonly #tree: SourceTree
  readonly #folder: string
  readonly #tally: Tally
  #pending: Promise<void>[] = []

  /** `jsonPath`: the paths of the file are relative to its folder. */
  constructor(tree: SourceTree, jsonPath: string, tally: Tally) {
    this.#tree = tree
    this.#folder = jsonPath.slice(0, jsonPath.lastIndexOf('/') + 1)
    this.#tally = tally
  }

  /** `raw` names the message in warnings. */
  read(members: JsonObject, raw: RawMessage): Attachment[] {
    const found: Attachment[] = []
    if ('photo' in members) found.push(this.#photo(members, raw))
    if ('file' in members) found.push(this.#file(members, raw))
    if ('thumbnail' in members) {
      const size = members['thumbnail_file_size']
      found.push(this.#attachment('thumbnail', members['thumbnail'], size, raw))
    }
    if ('contact_vcard' in members) {
      const size = members['contact_vcard_file_size']
      found.push(this.#attachment('contact-card', members['contact_vcard'], size, raw))
    }
    return found
  }

  get isSettled(): boolean {
    return this.#pending.length === 0
  }

  /** Waits until every state is known. */
  async settle(): Promise<void> {
    if (this.#pending.length === 0) return
    const pending = this.#pending
    this.#pending = []
    await Promise.all(pending)
  }

  #photo(members: JsonObject, raw: RawMessage): Attachment {
    const photo = this.#attachment('photo', members['photo'], members['photo_file_size'], raw)
    setDimensions(photo, members)
    if (members['media_spoiler'] === true) photo.isSpoiler = true
    return photo
  }

  #file(members: JsonObject, raw: RawMessage): Attachment {
    const kind = KIND_BY_MEDIA_TYPE.get(members['media_type']) ?? 'file'
    const file = this.#attachment(kind, members['file'], members['file_size'], raw)
    const fileName = stringOr(members['file_name'])
    const mime = stringOr(members['mime_type'])
    const seconds = sizeOr(members['duration_seconds'])
    if (fileName !== undefined) file.fileName = fileName
    if (mime !== undefined) file.mime = mime
    if (seconds !== undefined) file.seconds = seconds
    setDimensions(file, members)
    if (members['media_spoiler'] === true) file.isSpoiler = true
    return file
  }

  #attachment(kind: AttachmentKind, value: unknown, size: unknown, raw: RawMessage): Attachment {
    const attachment: Attachment = { kind, state: 'unavailable' }
    const sizeBytes = sizeOr(size)
    if (sizeBytes !== undefined) attachment.sizeBytes = sizeBytes
    if (typeof value === 'string' && value !== '') this.#setState(attachment, value, raw)
    return attachment
  }

  #setState(attachment: Attachment, value: string, raw: RawMessage): void {
    const exact = PLACEHOLDERS.get(value)
    if (exact !== undefined) {
      attachment.state = exact
      return
    }
    const absent = stateOfNamedPlaceholder(value)
    const path = this.#folder + value
    if (isHostilePath(value)) {
      attachment.state = absent ?? 'refused'
      if (absent === null) this.#tally.warn('PATH_HOSTILE', nameOf(raw))
      return
    }
    const state = this.#tree.state(path)
    if (typeof state === 'string') {
      if (settleOn(attachment, path, state, absent) === 'refused')
        this.#tally.warn(refusalOf(path), nameOf(raw))
      return
    }
    const name = nameOf(raw)
    const settled = state.then((known) => {
      if (settleOn(attachment, path, known, absent) === 'refused') this.#tally.warn(refusalOf(path), name)
    })
    this.#pending.push(settled)
  }
}

/** A file really named like a placeholder is told from one by being there. */
function settleOn(
  attachment: Attachment,
  path: string,
  known: EntryState,
  absent: AttachmentState | null,
): AttachmentState {
  const state = absent !== null && known !== 'present' ? absent : known
  attachment.state = state
  if (state === 'present' || state === 'missing') attachment.path = path
  return state
}

function stateOfNamedPlaceholder(value: string): AttachmentState | null {
  if (!value.endsWith(')')) return null
  for (const [text, state] of PLACEHOLDERS) if (value.endsWith(` ${text}`)) return state
  return null
}

function setDimensions(attachment: Attachment, members: JsonObject): void {
  const width = sizeOr(members['width'])
  const height = sizeOr(members['height'])
  if (width !== undefined) attachment.width = width
  if (height !== undefined) attachment.height = height
}

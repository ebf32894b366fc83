import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Random } from '#lib/scenes/index.ts'
import type { Conversation } from './conversation.ts'
import type { ExportWriter } from './export-writer.ts'
import { handle, identifierAt, inSentence, inviteLink, type WrittenIdentifier } from './identifiers.ts'
import type { Settings } from './options.ts'
import type { JpegPicture } from './pictures.ts'
import type { PlannedPicture, PlannedText } from './plan.ts'
import { anySentence } from './sentences.ts'
import { randomFor } from './streams.ts'
import { NOT_INCLUDED } from './telegram-message.ts'
import { plain, type TextPart } from './telegram-text.ts'
import type { Truth } from './truth.ts'

/** An export being written. */
export interface ExportRun {
  readonly settings: Settings
  readonly truth: Truth
  readonly writer: ExportWriter
  readonly conversation: Conversation
  /** For identifiers and the sentences around them. */
  readonly words: Random
  /** Id of the planned message before: what a pin pins. */
  lastPlannedId: number
}

/** One picture message, its file, and what is true about both. */
export async function writePicture(
  run: ExportRun,
  planned: PlannedPicture,
  number: number,
  picture: JpegPicture,
): Promise<void> {
  const { conversation, truth } = run
  const id = conversation.advance()
  const path =
    planned.state === 'not-included' ? null : `photos/photo_${number}@${conversation.fileTime()}.jpg`
  const from = conversation.anyMember()
  const parts = conversation.text.isHit(0.25) ? [plain(anySentence(conversation.text, from.language))] : []
  const media = [
    ['photo', path ?? NOT_INCLUDED],
    ['photo_file_size', picture.bytes.length],
    ['width', picture.width],
    ['height', picture.height],
  ] as const
  // A planted copy is a forward only if it was planted as one; other pictures are by chance.
  const forwardedFrom = planned.edit === null ? undefined : planned.forwardedFrom
  run.writer.add(
    conversation.write(from, parts, forwardedFrom === undefined ? { media } : { media, forwardedFrom }),
  )
  truth.counts.pictures++
  truth.attachments[planned.state === 'damaged' ? 'present' : planned.state]++
  await savePicture(run.settings.dir, path, planned, picture)
  recordPicture(truth, planned, id, path)
}

async function savePicture(
  dir: string,
  path: string | null,
  planned: PlannedPicture,
  picture: JpegPicture,
): Promise<void> {
  if (path === null || planned.state === 'missing') return
  const { bytes } = picture
  const kept = planned.state === 'damaged' ? bytes.subarray(0, Math.floor(bytes.length * 0.4)) : bytes
  await writeFile(join(dir, path), kept, { flag: 'wx' })
}

function recordPicture(truth: Truth, planned: PlannedPicture, messageId: number, path: string | null): void {
  const { scene, entry, edit, forwardedFrom, state } = planned
  if (edit !== null) truth.copies.push({ entry, scene, edit, messageId, path, state, forwardedFrom })
  if (state === 'present') return
  truth.faults.push({ kind: state === 'damaged' ? 'truncated-jpeg' : state, messageId, offset: null, path })
}

/** One planned text or event, and what is true about it. */
export async function writePlannedText(run: ExportRun, planned: PlannedText): Promise<void> {
  const { conversation, words, truth, writer } = run
  const id = conversation.advance()
  const pinned = run.lastPlannedId
  run.lastPlannedId = id
  switch (planned.type) {
    case 'identifier': {
      writeWithIdentifier(run, id, identifierAt(planned.index, words))
      return
    }
    case 'invite': {
      writeWithIdentifier(run, id, inviteLink(randomFor(planned.linkSeed, '/invite')), conversation.owner())
      return
    }
    case 'pin': {
      writer.add(conversation.writeService(conversation.owner(), 'pin_message', [['message_id', pinned]]))
      return
    }
    case 'title': {
      writer.add(
        conversation.writeService(conversation.owner(), 'edit_group_title', [['title', planned.title]]),
      )
      return
    }
    case 'note': {
      const named = handle(planned.handle)
      const parts = [plain(planned.before), named.part, plain(planned.after)]
      writer.add(conversation.write(conversation.anyMember(), parts, { forwardedFrom: null }))
      recordIdentifier(truth, id, parts, named)
      truth.notes.push({ label: planned.label, messageId: id })
      return
    }
    case 'ctrl':
    case 'ls': {
      await writeFaultyText(run, id, planned.type)
    }
  }
}

function writeWithIdentifier(
  run: ExportRun,
  id: number,
  written: WrittenIdentifier,
  from = run.conversation.anyMember(),
): void {
  const parts = inSentence(written, run.words, from.language)
  run.writer.add(run.conversation.write(from, parts))
  recordIdentifier(run.truth, id, parts, written)
}

function recordIdentifier(
  truth: Truth,
  messageId: number,
  parts: readonly TextPart[],
  written: WrittenIdentifier,
): void {
  const { kind, spelling, value, isReal, part } = written
  const start = parts
    .map((each) => each.text)
    .join('')
    .indexOf(part.text)
  truth.identifiers.push({ kind, spelling, value, isReal, messageId, start, end: start + part.text.length })
}

/** `ctrl`: a control character that the exporter writes as `\x0B`. `ls`: a line separator whose last bytes go astray. */
async function writeFaultyText(run: ExportRun, id: number, kind: 'ctrl' | 'ls'): Promise<void> {
  const { conversation, truth, writer } = run
  const from = conversation.anyMember()
  const [before, after] = [anySentence(run.words, from.language), anySentence(run.words, from.language)]
  const text = `${before}${kind === 'ctrl' ? '\u000b' : '\u2028'}${after}`
  const offset = await writer.addFaulty(
    conversation.write(from, [plain(text)]),
    kind === 'ctrl' ? '\\x0B' : null,
  )
  truth.faults.push({ kind, messageId: id, offset, path: null })
}

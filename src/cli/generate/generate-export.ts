import { mkdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Conversation } from './conversation.ts'
import { asGenerateError, isEmptyFolder } from './empty-folder.ts'
import { GenerateError, throwIfAborted } from './errors.ts'
import { ExportWriter } from './export-writer.ts'
import { type GenerateOptions, type Settings, settle } from './options.ts'
import { editedPicture, PictureFeed, unrelatedPicture } from './pictures.ts'
import { planPictures, planTexts } from './plan.ts'
import { Schedule } from './schedule.ts'
import { randomFor } from './streams.ts'
import { exporterString } from './telegram-text.ts'
import { emptyTruth, type Truth } from './truth.ts'
import { type ExportRun, writePicture, writePlannedText } from './write-message.ts'

export interface GeneratedExport {
  dir: string
  truthPath: string
  truth: Truth
}

/**
 * Writes a synthetic Telegram Desktop export: `result.json` and `photos/` in `dir`, and beside it the truth about what was
 * planted. Same options and seed: same `result.json`, byte for byte, with the same JPEG encoder. Streams: a million
 * messages need no more memory than a thousand. When it fails or is aborted, what it wrote is removed.
 * Errors: `OUTPUT_NOT_EMPTY`, `OUTPUT_UNWRITABLE`, `OPTION_RANGE`, `ABORTED`.
 */
export async function generateExport(options: GenerateOptions): Promise<GeneratedExport> {
  const settings = settle(options)
  throwIfAborted(options.signal)
  const wasThere = await refuseUnlessEmpty(settings)
  const resultPath = join(settings.dir, 'result.json')
  const photosDir = join(settings.dir, 'photos')
  try {
    if (settings.pictures > 0) await mkdir(photosDir, { recursive: true })
    else await mkdir(settings.dir, { recursive: true })
    const truth = await writeExport(settings, resultPath, options)
    await writeFile(settings.truthPath, `${JSON.stringify(truth, null, 1)}\n`, { flag: 'wx' })
    return { dir: settings.dir, truthPath: settings.truthPath, truth }
  } catch (error) {
    await rm(resultPath, { force: true })
    await rm(photosDir, { recursive: true, force: true })
    if (!wasThere) await rm(settings.dir, { recursive: true, force: true })
    throw asGenerateError(error)
  }
}

async function writeExport(settings: Settings, resultPath: string, options: GenerateOptions): Promise<Truth> {
  const truth = emptyTruth(settings.seed, settings.title, settings.groupId)
  const writer = await ExportWriter.create(resultPath)
  try {
    writer.begin(
      `{\n "name": ${exporterString(settings.title)},\n "type": "private_supergroup",\n "id": ${settings.groupId},\n "messages": [`,
    )
    await writeMessages(settings, truth, writer, options)
    await writer.end('\n ]\n}')
  } finally {
    await writer.close()
  }
  return truth
}

async function writeMessages(
  settings: Settings,
  truth: Truth,
  writer: ExportWriter,
  { onProgress, signal }: GenerateOptions,
): Promise<void> {
  if (settings.messages === 0) return
  const random = randomFor(settings.seed, '/schedule')
  const texts = planTexts(settings, random)
  const pictureAt = planPictures(settings)
  const feed = new PictureFeed(settings.pictures, (index) => {
    const { scene, edit } = pictureAt(index)
    return edit === null
      ? unrelatedPicture(scene, settings.pictureSize)
      : editedPicture(scene, edit, settings.seed, settings.pictureSize)
  })
  const run: ExportRun = {
    settings,
    truth,
    writer,
    conversation: new Conversation(settings, truth),
    words: randomFor(settings.seed, '/identifiers'),
    lastPlannedId: 0,
  }
  const { conversation } = run
  conversation.advance()
  writer.add(
    conversation.writeService(conversation.owner(), 'create_channel', [['title', settings.firstTitle]]),
  )
  const places = settings.messages - 1
  const schedule = new Schedule(random, places, settings.pictures, texts.length)
  for (let done = 0; done < places; done++) {
    const slot = schedule.next()
    let isFull = false
    if (slot.type === 'filler') {
      conversation.advance()
      isFull = writer.add(conversation.writeFiller())
    } else if (slot.type === 'planned') {
      const text = texts[slot.index]
      if (text) await writePlannedText(run, text)
    } else {
      throwIfAborted(signal)
      await writePicture(run, pictureAt(slot.index), slot.index + 1, await feed.next())
      onProgress?.(done + 1, places)
    }
    if (isFull) {
      throwIfAborted(signal)
      await writer.flush()
      onProgress?.(done + 1, places)
    }
  }
  throwIfAborted(signal)
  onProgress?.(places, places)
}

/** True when the folder is there (and empty). */
async function refuseUnlessEmpty(settings: Settings): Promise<boolean> {
  const truth = await stat(settings.truthPath).catch(() => null)
  if (truth)
    throw new GenerateError(
      'OUTPUT_NOT_EMPTY',
      `${settings.truthPath} is there already and is never overwritten.`,
    )
  return isEmptyFolder(settings.dir)
}

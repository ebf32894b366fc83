import type { ChatReader, Collection, Message, ReadOptions, SourceTree } from '../model.ts'
import { memorySource, memoryTree, readAll, testReadOptions, toBytes } from '../testing/index.ts'
import { readTelegramJson } from './index.ts'

/** Test support: a message as the exporter writes it, with what the test is about put over it. */
export function sampleMessage(id: number, over: Record<string, unknown> = {}): Record<string, unknown> {
  const seconds = 1_700_000_000 + id
  return {
    id,
    type: 'message',
    date: new Date((seconds + 8 * 3600) * 1000).toISOString().slice(0, 19),
    date_unixtime: String(seconds),
    from: 'Ahli Satu',
    from_id: 'user1000000001',
    text: `apa khabar ${id}`,
    text_entities: [{ type: 'plain', text: `apa khabar ${id}` }],
    ...over,
  }
}

export const SAMPLE_HEADER = { name: 'Kumpulan Ujian', type: 'private_supergroup', id: 1234567890 }

/** Test support: an export laid out as the exporter does, one space per level. */
export function sampleExport(messages: unknown[], header: Record<string, unknown> = SAMPLE_HEADER): string {
  return JSON.stringify({ ...header, messages }, null, 1)
}

export interface SampleOptions extends Partial<ReadOptions> {
  windowBytes?: number
  maxSliceBytes?: number
  hasSlowState?: boolean
  /** Paths that exist beside the file. */
  beside?: string[]
  refused?: SourceTree['refused']
  path?: string
}

export function sampleReader(content: string | Uint8Array, options: SampleOptions = {}): ChatReader {
  const { windowBytes, maxSliceBytes, hasSlowState, beside, refused, path = 'result.json', ...rest } = options
  const files = Object.fromEntries((beside ?? []).map((name) => [name, '']))
  const tree = memoryTree(files, { hasSlowState: hasSlowState ?? false, ...(refused && { refused }) })
  const source = memorySource(path, toBytes(content), maxSliceBytes)
  return readTelegramJson(tree, source, testReadOptions(rest), windowBytes)
}

export async function readSample(
  content: string | Uint8Array,
  options: SampleOptions = {},
): Promise<{ messages: Message[]; summary: Collection }> {
  return await readAll(sampleReader(content, options))
}

/** The only message of an export of one. */
export async function readOne(over: Record<string, unknown>, options: SampleOptions = {}): Promise<Message> {
  const { messages } = await readSample(sampleExport([sampleMessage(1, over)]), options)
  const [message] = messages
  if (!message || messages.length > 1) throw new Error(`expected one message, not ${messages.length}`)
  return message
}

/** Codes of the warnings, with their counts. */
export function warningsOf(summary: Collection): Record<string, number> {
  return Object.fromEntries(summary.warnings.map(({ code, count }) => [code, count]))
}

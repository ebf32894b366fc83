import { type FileHandle, open } from 'node:fs/promises'
import { withStrayBytes } from './telegram-text.ts'

const FLUSH_UNITS = 1 << 20

/** Writes `result.json` in large pieces and knows the byte offset of everything put in. */
export class ExportWriter {
  private pending = ''
  private written = 0
  private isFirst = true
  private readonly file: FileHandle

  private constructor(file: FileHandle) {
    this.file = file
  }

  /** Errors: `EEXIST` when the file is there already. */
  static async create(path: string): Promise<ExportWriter> {
    return new ExportWriter(await open(path, 'wx'))
  }

  begin(head: string): void {
    this.pending += head
  }

  /** One element of the messages array. True: enough is pending, call `flush` before the next. */
  add(element: string): boolean {
    this.pending += this.isFirst ? `\n${element}` : `,\n${element}`
    this.isFirst = false
    return this.pending.length >= FLUSH_UNITS
  }

  /** As `add`, for an element with line separators the exporter spoils. Returns the offset of `mark` or of the first escape. */
  async addFaulty(element: string, mark: string | null): Promise<number> {
    await this.flush()
    const text = this.isFirst ? `\n${element}` : `,\n${element}`
    this.isFirst = false
    const { bytes, offsets } = withStrayBytes(text)
    const offset = this.written + (mark === null ? (offsets[0] ?? 0) : Buffer.from(bytes).indexOf(mark))
    await this.put(bytes)
    return offset
  }

  async flush(): Promise<void> {
    const text = this.pending
    this.pending = ''
    if (text !== '') await this.put(Buffer.from(text))
  }

  async end(tail: string): Promise<void> {
    this.pending += tail
    await this.flush()
  }

  async close(): Promise<void> {
    await this.file.close()
  }

  private async put(bytes: Uint8Array): Promise<void> {
    await this.file.writeFile(bytes)
    this.written += bytes.length
  }
}

import { type Command, InvalidArgumentError } from 'commander'
import { z } from 'zod'
import { MATCH_MIN_QUALITY, type Match, type MatchRule } from '#domain/index.ts'
import { AppError } from '#lib/errors/index.ts'
import {
  type BankContents,
  buildMatcher,
  type LookupDigests,
  type LookupPrint,
  readBank,
} from '../bank-file/index.ts'
import type { CliContext } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { BulkFilter, OrderedBatches } from '../index-pool/index.ts'
import { streamLines } from '../stream-lines.ts'
import { safeText } from '../terminal/safe-text.ts'

interface Options {
  bank: string
  json?: boolean
  threads?: number
}

const MAX_THREADS = 64
/** Questions that are answered before threads are started for the others, unless their number is given. */
const BULK_FROM = 2_000
/** Below so many registered prints a look-up is as quick as its way to a thread. */
const BULK_MIN_PRINTS = 20_000
const QUESTIONS_PER_BATCH = 1_024

/** A line of `saksi fingerprint --variants` takes some thousand bytes. */
const MAX_LINE_BYTES = 64 * 1024

const EXAMPLES = `
Examples:
  $ saksi match --bank wao.bank f8f8f0cce0f4e84d0e370a22028f67f0b36e2ed596623e1d33e6339c4e9c9b22
  $ saksi match --bank wao.bank < fingerprints.txt > found.tsv
  $ saksi fingerprint pictures/ | saksi match --bank wao.bank

Takes PDQ fingerprints of whole pictures: 64 hexadecimal digits each, as arguments or one per line of standard input, or
the lines that "saksi fingerprint" prints (their digests are compared too).

Prints one line for each entry that matches:  fingerprint TAB entry TAB distance TAB variant.  Two pictures match up to
distance 31. With --json there is one object for each fingerprint, also when nothing matches. A line that is neither is
named on standard error, the rest goes on, and the exit code is 1.

Many fingerprints on standard input are looked up by several threads, one per core unless --threads says otherwise; the
answers are the same, in the same order. Each line that has come is answered without waiting for more.

Only whole pictures are compared here: "saksi scan" also finds crops and screenshots. A match is a lead for a person to
decide, not a verdict.`

export function addMatchCommand(program: Command, context: CliContext): void {
  program
    .command('match')
    .summary('compare fingerprints with a bank')
    .description('Finds which entries of a bank given fingerprints are copies of.')
    .argument('[fingerprint...]', 'PDQ fingerprints; without any, lines of standard input')
    .requiredOption('--bank <file>', 'bank of registered fingerprints')
    .option('--json', 'print one JSON object for each fingerprint')
    .option('--threads <n>', 'threads for fingerprints from standard input, 1 to 64', threadCount)
    .addHelpText('after', EXAMPLES)
    .action((fingerprints: string[], options: Options) => runMatch(context, fingerprints, options))
}

async function runMatch(
  context: CliContext,
  fingerprints: readonly string[],
  { bank, json = false, threads }: Options,
): Promise<void> {
  const wrong = fingerprints.find((text) => question(text) === null)
  if (wrong !== undefined)
    throw new AppError('USAGE', `A fingerprint has 64 hexadecimal digits, unlike "${safeText(wrong)}".`)
  if (fingerprints.length === 0 && process.stdin.isTTY)
    context.note('Reading fingerprints, one per line. Ctrl-D ends.')
  const answerer = await openAnswerer(context, bank, threads, json)
  const input = afterEach(process.stdin, () => answerer.flush())
  const lines = fingerprints.length > 0 ? fingerprints : streamLines(input, MAX_LINE_BYTES)
  const { counts } = answerer
  let number = 0
  let wrongLines = 0
  try {
    for await (const line of lines) {
      context.signal.throwIfAborted()
      number++
      if (line?.trim() === '') continue
      const asked = line === null ? null : question(line)
      if (asked) await answerer.ask(asked)
      else {
        wrongLines++
        context.note(`line ${number}: neither a fingerprint nor a line of "saksi fingerprint" [BAD_HEX]`)
      }
    }
    await answerer.end()
  } finally {
    await answerer.close()
  }
  const plain = counts.plain > 0 ? `, ${counts.plain} too plain to compare` : ''
  const bad = wrongLines > 0 ? `, ${wrongLines} lines not understood` : ''
  context.note(`${counts.asked} fingerprints compared, ${counts.matched} matched${plain}${bad}.`)
  if (wrongLines > 0) context.setExitCode(EXIT.partial)
}

function threadCount(text: string): number {
  const count = Number(text)
  if (Number.isInteger(count) && count >= 1 && count <= MAX_THREADS) return count
  throw new InvalidArgumentError(`a whole number from 1 to ${MAX_THREADS}`)
}

/** The same chunks; `tell` is called whenever one has been used up, before the next is waited for. */
async function* afterEach(chunks: AsyncIterable<Uint8Array>, tell: () => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    yield chunk
    tell()
  }
}

interface Answerer {
  readonly counts: { readonly asked: number; readonly matched: number; readonly plain: number }
  /** Waits while too many questions are under way. */
  ask(asked: Question): Promise<void>
  /** No more questions may come for a while. */
  flush(): void
  end(): Promise<void>
  close(): Promise<void>
}

/** Prints the answers in the order of the questions: from this thread, or with `threads` or many questions from several. */
async function openAnswerer(
  context: CliContext,
  bank: string,
  threads: number | undefined,
  isJson: boolean,
): Promise<Answerer> {
  const contents = await readBank(bank)
  const matcher = buildMatcher(contents)
  const progress = context.progress('Matching')
  const counts = { asked: 0, matched: 0, plain: 0 }
  let taken = 0
  let filter: BulkFilter | null = null

  const isBulk = (): boolean => {
    if (threads !== undefined) return threads > 1
    return taken > BULK_FROM && matcher.facts.prints >= BULK_MIN_PRINTS && context.workerCount > 1
  }
  const batches = new OrderedBatches<Question, boolean>({
    maxItems: QUESTIONS_PER_BATCH,
    maxBatches: 2,
    work: async (questions) => {
      if (!isBulk()) return questions.map(() => true)
      // Beside the built program lies what its threads run.
      const workerUrl = new URL('./index-worker.js', context.decodeWorkerUrl)
      filter ??= BulkFilter.over(registeredPrints(contents), threads ?? context.workerCount, workerUrl)
      return await filter.mayMatch(questions.map(({ print }) => print?.pdq ?? null))
    },
    handle: async (asked, mayMatch) => {
      context.signal.throwIfAborted()
      const { print, digests } = asked
      counts.asked++
      if (print && isTooPlain(print)) counts.plain++
      const matches = matcher.match(print && mayMatch ? [print] : [], digests ?? NO_DIGESTS)
      if (matches.length > 0) counts.matched++
      for (const text of answerLines(asked, matches, isJson)) await context.out(text)
      progress.update(counts.asked, 0, `${counts.matched} matched`)
    },
  })
  return {
    counts,
    ask: (asked) => {
      taken++
      return batches.push(asked)
    },
    flush: () => batches.flush(),
    end: () => batches.end(),
    close: async () => {
      progress.end()
      await filter?.close()
    },
  }
}

function* registeredPrints({ entries }: BankContents): Generator<string> {
  for (const { state, pictures } of entries) {
    if (state !== 'active') continue
    for (const { prints } of pictures) for (const { pdq } of prints) yield pdq
  }
}

/** One fingerprint or file to look up. `print` is null when the file could not be decoded. */
interface Question {
  readonly label: string
  readonly print: LookupPrint | null
  readonly digests: LookupDigests | null
}

const PDQ = /^[0-9a-f]{64}$/i
const hex = (digits: number) => z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`))

/** A line of `saksi fingerprint`. Quality decides, as in a scan, whether the print says enough to be compared. */
const fingerprintLine = z.object({
  sha256: hex(64).nullish(),
  md5: hex(32).nullish(),
  pdq: hex(64).optional(),
  quality: z.int().min(0).max(100).default(100),
  usable: z.boolean().default(true),
})

function question(line: string): Question | null {
  const text = line.trim()
  if (PDQ.test(text)) {
    const pdq = text.toLowerCase()
    return { label: pdq, print: { name: 'whole', pdq, quality: 100, usable: true }, digests: null }
  }
  if (!text.startsWith('{')) return null
  const { success, data } = fingerprintLine.safeParse(parsed(text))
  if (!success) return null
  const { sha256, md5, pdq, quality, usable } = data
  const digests = sha256 && md5 ? { sha256, md5 } : null
  const label = pdq ?? sha256
  if (!label || !(pdq || digests)) return null
  return { label, print: pdq ? { name: 'whole', pdq, quality, usable } : null, digests }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function isTooPlain({ usable, quality }: LookupPrint): boolean {
  return !usable || quality < MATCH_MIN_QUALITY
}

const NO_DIGESTS: LookupDigests = { sha256: '', md5: '' }

function answerLines({ label }: Question, matches: readonly Match<MatchRule>[], isJson: boolean): string[] {
  if (!isJson)
    return matches.map(({ entry, distance, variant }) =>
      [label, entry, distance ?? 'same file', variant ?? '-'].join('\t'),
    )
  const found = matches.map(({ entry, rule, distance, variant }) => ({ entry, rule, distance, variant }))
  return [JSON.stringify({ fingerprint: label, matches: found })]
}

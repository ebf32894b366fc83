import type { Command } from 'commander'
import { z } from 'zod'
import { MATCH_MIN_QUALITY, type Match, type MatchRule } from '#domain/index.ts'
import { AppError } from '#lib/errors/index.ts'
import { type BankMatcher, type LookupDigests, type LookupPrint, loadBank } from '../bank-file/index.ts'
import type { CliContext } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { streamLines } from '../stream-lines.ts'
import { safeText } from '../terminal/safe-text.ts'

interface Options {
  bank: string
  json?: boolean
}

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
    .addHelpText('after', EXAMPLES)
    .action((fingerprints: string[], options: Options) => runMatch(context, fingerprints, options))
}

async function runMatch(
  context: CliContext,
  fingerprints: readonly string[],
  { bank, json = false }: Options,
): Promise<void> {
  const wrong = fingerprints.find((text) => question(text) === null)
  if (wrong !== undefined)
    throw new AppError('USAGE', `A fingerprint has 64 hexadecimal digits, unlike "${safeText(wrong)}".`)
  if (fingerprints.length === 0 && process.stdin.isTTY)
    context.note('Reading fingerprints, one per line. Ctrl-D ends.')
  const { matcher } = await loadBank(bank)
  const lines = fingerprints.length > 0 ? fingerprints : streamLines(process.stdin, MAX_LINE_BYTES)
  const progress = context.progress('Matching')
  const counts = { lines: 0, asked: 0, matched: 0, plain: 0, wrong: 0 }
  try {
    for await (const line of lines) {
      context.signal.throwIfAborted()
      counts.lines++
      if (line?.trim() === '') continue
      const asked = line === null ? null : question(line)
      if (!asked) {
        counts.wrong++
        context.note(
          `line ${counts.lines}: neither a fingerprint nor a line of "saksi fingerprint" [BAD_HEX]`,
        )
        continue
      }
      counts.asked++
      if (asked.print && isTooPlain(asked.print)) counts.plain++
      const matches = answer(matcher, asked)
      if (matches.length > 0) counts.matched++
      for (const text of answerLines(asked, matches, json)) await context.out(text)
      progress.update(counts.asked, 0, `${counts.matched} matched`)
    }
  } finally {
    progress.end()
  }
  const plain = counts.plain > 0 ? `, ${counts.plain} too plain to compare` : ''
  const bad = counts.wrong > 0 ? `, ${counts.wrong} lines not understood` : ''
  context.note(`${counts.asked} fingerprints compared, ${counts.matched} matched${plain}${bad}.`)
  if (counts.wrong > 0) context.setExitCode(EXIT.partial)
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

function answer(matcher: BankMatcher, { print, digests }: Question): readonly Match<MatchRule>[] {
  return matcher.match(print ? [print] : [], digests ?? NO_DIGESTS)
}

function answerLines({ label }: Question, matches: readonly Match<MatchRule>[], isJson: boolean): string[] {
  if (!isJson)
    return matches.map(({ entry, distance, variant }) =>
      [label, entry, distance ?? 'same file', variant ?? '-'].join('\t'),
    )
  const found = matches.map(({ entry, rule, distance, variant }) => ({ entry, rule, distance, variant }))
  return [JSON.stringify({ fingerprint: label, matches: found })]
}

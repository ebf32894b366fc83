import type { ReportedMatch, ScanReport } from '#contract/scan-report.ts'
import type { Paint } from '../../terminal/paint.ts'
import { safeText } from '../../terminal/safe-text.ts'
import { formatTable } from '../../terminal/table.ts'
import { wrapText } from '../../terminal/wrap.ts'
import { countLikely } from './likely.ts'
import { loggedLine } from './logged-line.ts'
import { describeCopy, describeRule, type ReportTexts } from './texts/index.ts'
import { uncheckedLines } from './unchecked-lines.ts'

const MAX_ROWS = 200
const LIKELY_MARK = '[?]'

/** How lines are to look: in colour or not, `columns` wide or, in a pipe (null), as long as they are. */
export interface TerminalLook {
  paint: Paint
  columns: number | null
}

/** What a person reads in the terminal after a scan: the answer first, then the matches, then what is not known. */
export function renderTerminal(report: ScanReport, texts: ReportTexts, look: TerminalLook): string[] {
  const { paint, columns } = look
  const { counts } = report
  const likely = countLikely(report)
  const lead = counts.matches > 0 ? texts.found(counts.entriesMatched, counts.matches) : texts.foundNothing
  return [
    '',
    ...wrapText(paint.bold(lead), columns),
    ...(counts.matches > 0
      ? [
          '',
          ...matchTable(report.matches, texts, columns),
          '',
          ...(likely > 0 ? wrapText(`${LIKELY_MARK} ${texts.copy.likelyAmong(likely)}`, columns) : []),
          ...wrapText(paint.dim(texts.notAVerdict), columns),
        ]
      : []),
    ...section(look, texts.uncheckedHeading, uncheckedLines(report, texts)),
    ...section(look, texts.notFoundHeading, report.coverage),
    ...section(look, texts.readHeading, [
      texts.readFacts({
        messages: counts.messages + counts.service + counts.unsupported,
        pictures: counts.pictures.compared,
        files: report.export.filesRead,
        repairs: report.repairCount,
        gaps: report.gapCount,
      }),
      ...(report.log ? [loggedLine(report.log, texts)] : []),
    ]),
  ]
}

function matchTable(
  matches: readonly ReportedMatch[],
  texts: ReportTexts,
  terminalColumns: number | null,
): string[] {
  const columns = [
    { title: texts.entry },
    { title: texts.when },
    { title: texts.message, align: 'right' as const },
    { title: texts.postedBy },
    { title: texts.kindOfCopy },
    { title: texts.distance, align: 'right' as const },
    { title: texts.alongside },
  ]
  const rows = matches
    .slice(0, MAX_ROWS)
    .map((match) => [
      safeText(match.entry, 40),
      match.sentAt?.replace('T', ' ').slice(0, 16) ?? safeText(match.sentAtLocal ?? texts.unknownTime, 24),
      safeText(match.messageId ?? match.attachment.path, 32),
      safeText(match.senderId ?? '', 24),
      copyWords(match, texts),
      match.distance === null ? '' : String(match.distance),
      alongside(match),
    ])
  return [
    ...formatTable(columns, rows, terminalColumns),
    ...(matches.length > MAX_ROWS ? [texts.moreInReport(matches.length - MAX_ROWS)] : []),
  ]
}

function copyWords(match: ReportedMatch, texts: ReportTexts): string {
  const clauses = [describeRule(texts, match), describeCopy(texts, match)]
  const words = clauses.filter((clause) => clause !== '').join(texts.clauseSeparator)
  return match.isOnlyLikely ? `${LIKELY_MARK} ${texts.copy.likely} · ${words}` : words
}

function alongside({ identifiers }: ReportedMatch): string {
  const unique = [...new Set(identifiers.map(({ masked }) => masked))]
  return safeText(unique.slice(0, 3).join(' · '), 60) + (unique.length > 3 ? ` +${unique.length - 3}` : '')
}

function section({ paint, columns }: TerminalLook, heading: string, lines: readonly string[]): string[] {
  return ['', paint.bold(heading), ...lines.flatMap((line) => wrapText(`  ${line}`, columns, 2))]
}

import type { ReportedIdentifier, ReportedMatch, ScanReport } from '#contract/scan-report.ts'
import { copyCell } from './copy-cell.ts'
import { escapeHtml, htmlTable, withCode } from './html.ts'
import { countLikely } from './likely.ts'
import { loggedLine } from './logged-line.ts'
import { REPORT_STYLE } from './report-style.ts'
import type { ReportTexts } from './texts/index.ts'
import { uncheckedLines } from './unchecked-lines.ts'

const MAX_IDENTIFIER_ROWS = 500

/** `report.html`: self-contained, without scripts, pictures or links that lead anywhere. */
export function renderHtml(report: ScanReport, texts: ReportTexts): string {
  return `<!doctype html>
<html lang="${texts.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(texts.title)}</title>
<style>${REPORT_STYLE}</style>
</head>
<body><main>
${[
  summary(report, texts),
  matches(report, texts),
  unchecked(report, texts),
  coverage(report, texts),
  identifiers(report, texts),
  places(report, texts),
  readFacts(report, texts),
  checkSteps(report, texts),
].join('\n')}
</main></body></html>
`
}

function summary(report: ScanReport, texts: ReportTexts): string {
  const { matches: postings, entriesMatched } = report.counts
  const lead = postings > 0 ? texts.found(entriesMatched, postings) : texts.foundNothing
  const likely = countLikely(report)
  return `<h1>${escapeHtml(texts.title)}</h1>
<p class="quiet">${escapeHtml(report.export.name)} · ${time(report.finishedAt)} UTC</p>
<p class="lead">${escapeHtml(lead)}</p>
${likely > 0 ? `<p class="likely">${escapeHtml(texts.copy.likelyAmong(likely))}</p>` : ''}
${postings > 0 ? `<p class="note">${escapeHtml(texts.notAVerdict)}</p>` : ''}`
}

function matches(report: ScanReport, texts: ReportTexts): string {
  if (report.matches.length === 0) return ''
  const byEntry = groupByEntry(report.matches)
  const headings = [texts.when, texts.kindOfCopy, texts.message, texts.where, texts.postedBy, texts.alongside]
  const tables = [...byEntry].map(
    ([entry, found], group) =>
      `<h3>${escapeHtml(texts.entry)} <span class="id">${escapeHtml(entry)}</span></h3>
${htmlTable(
  headings,
  found.map((match, row) => matchRow(match, texts, `c${group}r${row}`)),
)}`,
  )
  return section(
    texts.matchesHeading,
    `${tables.join('\n')}
<p class="quiet">${escapeHtml(texts.copy.legend)}</p>
<p class="quiet">${escapeHtml(texts.distanceExplained)}</p>`,
  )
}

/** S-2 before S-10. */
const byEntryId = new Intl.Collator('en', { numeric: true })

function groupByEntry(found: readonly ReportedMatch[]): Map<string, ReportedMatch[]> {
  const groups = new Map<string, ReportedMatch[]>()
  for (const match of found) groups.set(match.entry, [...(groups.get(match.entry) ?? []), match])
  return new Map([...groups].sort(([a], [b]) => byEntryId.compare(a, b) || (a < b ? -1 : 1)))
}

function matchRow(match: ReportedMatch, texts: ReportTexts, key: string): string[] {
  return [
    match.sentAt
      ? `<span class="nowrap">${time(match.sentAt)}</span>`
      : escapeHtml(match.sentAtLocal ?? texts.unknownTime),
    copyCell(match, texts, key),
    id(match.messageId ?? match.attachment.path),
    account(match.placeId),
    account(match.senderId ?? ''),
    alongside(match.identifiers),
  ]
}

function alongside(identifiers: readonly ReportedIdentifier[]): string {
  const unique = [...new Set(identifiers.map(({ masked }) => masked))]
  if (unique.length === 0) return ''
  return `<ul class="plain">${unique.map((masked) => `<li>${id(masked)}</li>`).join('')}</ul>`
}

function unchecked(report: ScanReport, texts: ReportTexts): string {
  return section(texts.uncheckedHeading, list(uncheckedLines(report, texts)))
}

function coverage(report: ScanReport, texts: ReportTexts): string {
  return section(texts.notFoundHeading, list(report.coverage))
}

function identifiers(report: ScanReport, texts: ReportTexts): string {
  const shown = report.identifiers.slice(0, MAX_IDENTIFIER_ROWS)
  if (shown.length === 0) return section(texts.identifiersHeading, `<p>${escapeHtml(texts.none)}</p>`)
  const rows = shown.map(({ kind, masked, count, messageIds }) => [
    escapeHtml(texts.identifierKinds[kind]),
    id(masked),
    escapeHtml(texts.number(count)),
    messageIds.slice(0, 8).map(id).join(', ') + (messageIds.length > 8 ? ', …' : ''),
  ])
  const left = report.identifiers.length - shown.length + report.identifiersNotListed
  return section(
    texts.identifiersHeading,
    `<p>${escapeHtml(texts.identifiersExplained)}</p>
${htmlTable([texts.kind, texts.masked, texts.times, texts.messages], rows)}
${left > 0 ? `<p class="quiet">${escapeHtml(texts.notListed(left))}</p>` : ''}`,
  )
}

function places(report: ScanReport, texts: ReportTexts): string {
  const kinds: Readonly<Record<string, string>> = texts.placeKinds
  const rows = report.export.places.map(({ id: placeId, kind, titles }) => [
    id(placeId),
    escapeHtml(kinds[kind] ?? kind),
    titles.map(escapeHtml).join('<br>'),
  ])
  return rows.length === 0
    ? ''
    : section(texts.placesHeading, htmlTable([texts.where, texts.kind, texts.placeTitles], rows))
}

function readFacts(report: ScanReport, texts: ReportTexts): string {
  const { counts, repairCount, gapCount } = report
  const facts = texts.readFacts({
    messages: counts.messages + counts.service + counts.unsupported,
    pictures: counts.pictures.compared,
    files: report.export.filesRead,
    repairs: repairCount,
    gaps: gapCount,
  })
  const warnings = report.warnings
    .map(
      ({ code, count }) => `<span class="id">${escapeHtml(code)}</span> × ${escapeHtml(texts.number(count))}`,
    )
    .join(', ')
  return section(
    texts.readHeading,
    `<p>${escapeHtml(facts)}</p>
${warnings ? `<p class="quiet">${warnings}</p>` : ''}
<dl><dt>${withCode(texts.digestOfExport)}</dt><dd><code>${report.export.sha256}</code></dd>
<dt>${withCode(texts.digestOfBank)}</dt><dd><code>${report.bank.sha256}</code></dd>
<dt>Saksi</dt><dd>${escapeHtml(report.program.version)}, ${escapeHtml(texts.mode[report.settings.mode])}</dd></dl>`,
  )
}

function checkSteps({ log }: ScanReport, texts: ReportTexts): string {
  const logged = log ? `\n<p>${escapeHtml(loggedLine(log, texts))}</p>` : ''
  return section(
    texts.checkHeading,
    `<ol>${texts.checkSteps.map((step) => `<li>${withCode(step)}</li>`).join('')}</ol>${logged}`,
  )
}

function section(heading: string, body: string): string {
  return `<h2>${escapeHtml(heading)}</h2>\n${body}`
}

function list(lines: readonly string[]): string {
  return `<ul>${lines.map((line) => `<li>${escapeHtml(line)}</li>`).join('')}</ul>`
}

function id(text: string): string {
  return `<span class="id">${escapeHtml(text)}</span>`
}

/** An id of a place or an account: where it does not fit on a line it breaks after its prefix. */
function account(text: string): string {
  return text === '' ? '' : `<span class="id key">${escapeHtml(text).replaceAll(':', ':<wbr>')}</span>`
}

function time(isoText: string): string {
  return escapeHtml(isoText.replace('T', ' ').replace(/\.\d+Z$/, ''))
}

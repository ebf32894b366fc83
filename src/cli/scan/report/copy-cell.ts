import type { ReportedMatch } from '#contract/scan-report.ts'
import { copyDrawing, isToScale } from './copy-drawing.ts'
import { escapeHtml } from './html.ts'
import { describeCopy, describeKind, describePlace, describeRule, type ReportTexts } from './texts/index.ts'

/** What was recognised and what kind of copy it is, in words and as a drawing. `key` as for `copyDrawing`. */
export function copyCell(match: ReportedMatch, texts: ReportTexts, key: string): string {
  const kind = describeKind(texts, match)
  const lines = [
    match.isOnlyLikely ? likely(texts) : '',
    `<p class="how">${escapeHtml(describeRule(texts, match))}</p>`,
    kind === '' ? '' : `<p>${escapeHtml(kind)}</p>`,
    ...describePlace(texts, match).map((line) => `<p class="quiet">${escapeHtml(line)}</p>`),
    match.distance === null
      ? ''
      : `<p class="quiet">${escapeHtml(`${texts.distance} ${match.distance}`)}</p>`,
  ]
  return `<div class="copy">${drawing(match, texts, key) ?? ''}<div>${lines.join('')}</div></div>`
}

function drawing(match: ReportedMatch, texts: ReportTexts, key: string): string | null {
  const scale = isToScale(match) ? '' : texts.copy.notToScale
  const words = [describeRule(texts, match), describeCopy(texts, match), scale]
  return copyDrawing(match, {
    key,
    title: texts.copy.drawing,
    description: words.filter((word) => word !== '').join(texts.clauseSeparator),
  })
}

/** The dashed frame says it without colour, the words without the frame. */
function likely({ copy }: ReportTexts): string {
  return `<p class="likely"><strong>${escapeHtml(copy.likely)}</strong> ${escapeHtml(copy.likelyExplained)}</p>`
}

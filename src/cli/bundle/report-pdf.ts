import { type Block, type ReportDocument, visibleText } from '#lib/bundle/index.ts'
import { drawLine } from './pdf-line.ts'

const MARGIN = 50
const LABEL_WIDTH = 118
const BODY = 'Helvetica'
const BOLD = 'Helvetica-Bold'
const FIXED = 'Courier'
/** What the fonts built into every PDF reader have (WinAnsi). */
const NOT_IN_FONT =
  /[^\u0020-\u007e\u00a1-\u00ac\u00ae-\u00ff\u2013\u2014\u2018\u2019\u201c\u201d\u2022\u2026\u20ac]/gu

/**
 * The report as PDF, from the same content as the page. The same report gives the same bytes: the only time in it is the
 * bundle's own, and nothing is compressed, so that no version of a compressor matters. Characters that the built-in fonts
 * lack are shown by their code points; report.html has them as they are.
 */
export async function renderReportPdf(report: ReportDocument): Promise<Uint8Array> {
  // Loaded here: it takes longer to load than most commands take to run.
  const { default: PDFDocument } = await import('pdfkit')
  const madeAt = new Date(report.builtAt)
  const pdf = new PDFDocument({
    size: 'A4',
    margin: MARGIN,
    compress: false,
    lang: report.language,
    displayTitle: true,
    info: {
      Title: plain(report.title),
      Creator: 'Saksi',
      Producer: 'Saksi',
      CreationDate: madeAt,
      ModDate: madeAt,
    },
  })
  const parts: Uint8Array[] = []
  const finished = new Promise<void>((resolve, reject) => {
    pdf.on('data', (part: Uint8Array) => parts.push(part))
    pdf.on('end', resolve)
    pdf.on('error', reject)
  })
  pdf.font(BOLD).fontSize(18).text(plain(report.title))
  pdf.font(BODY).fontSize(10).text(plain(report.subtitle))
  for (const { heading, blocks } of report.sections) {
    pdf.moveDown(1)
    room(pdf, 60)
    pdf.font(BOLD).fontSize(13).text(plain(heading), MARGIN)
    pdf.moveDown(0.3)
    for (const block of blocks) draw(pdf, block, report.none)
  }
  pdf.end()
  await finished
  return Buffer.concat(parts)
}

function draw(pdf: PDFKit.PDFDocument, block: Block, none: string): void {
  switch (block.kind) {
    case 'text':
      pdf.font(BODY).fontSize(10).text(plain(block.text), MARGIN)
      break
    case 'note':
      pdf.font(BOLD).fontSize(10).text(plain(block.text), MARGIN)
      break
    case 'list':
      for (const item of block.items) {
        pdf
          .font(BODY)
          .fontSize(10)
          .text(plain(`• ${item}`), MARGIN + 10)
      }
      break
    case 'code':
      for (const line of block.lines) pdf.font(FIXED).fontSize(8).text(plain(line), MARGIN)
      break
    case 'facts':
      drawRows(pdf, block.rows)
      break
    case 'table':
      if (block.rows.length === 0) pdf.font(BODY).fontSize(10).text(plain(none), MARGIN)
      // One block per row: a digest then stays on one line, where a narrow column would break it.
      for (const row of block.rows) {
        drawRows(
          pdf,
          block.headings.map((heading, i) => [heading, row[i] ?? '']),
        )
      }
      break
  }
  pdf.moveDown(0.4)
}

function drawRows(pdf: PDFKit.PDFDocument, rows: readonly (readonly [string, string])[]): void {
  const width = pdf.page.width - 2 * MARGIN - LABEL_WIDTH
  for (const [label, value] of rows) {
    const content = plain(value)
    const font = DIGEST.test(content) ? FIXED : BODY
    pdf.font(font).fontSize(9)
    const isOneLine = content.length < SURELY_ONE_LINE || font === FIXED
    room(pdf, (isOneLine ? pdf.currentLineHeight(true) : pdf.heightOfString(content, { width })) + 2)
    const top = pdf.y
    drawCell(pdf.font(BOLD).fontSize(8), plain(label), { x: MARGIN, top, width: LABEL_WIDTH - 6 })
    const labelEnd = pdf.y
    drawCell(pdf.font(font).fontSize(9), content, { x: MARGIN + LABEL_WIDTH, top, width }, isOneLine)
    pdf.y = Math.max(labelEnd, pdf.y)
  }
  pdf.x = MARGIN
  pdf.moveDown(0.6)
}

const DIGEST = /^[0-9a-f]{64}$/
/** The widest letters of the font leave room for so many. */
const SURELY_ONE_LINE = 40

/** Looking for places to break a line takes longer than all the rest, where thousands of exhibits have twenty rows each. */
function drawCell(
  pdf: PDFKit.PDFDocument,
  content: string,
  { x, top, width }: { x: number; top: number; width: number },
  isOneLine = content.length < SURELY_ONE_LABEL,
): void {
  if (!isOneLine) pdf.text(content, x, top, { width })
  else if (!drawLine(pdf, content, x, top)) pdf.text(content, x, top, { lineBreak: false })
  if (isOneLine) pdf.y = top + pdf.currentLineHeight(true)
}

const SURELY_ONE_LABEL = 14

/** Begins a page where less than `height` points are left, so that a row does not lie on two. */
function room(pdf: PDFKit.PDFDocument, height: number): void {
  if (pdf.y + height > pdf.page.height - MARGIN && pdf.y > MARGIN) pdf.addPage()
}

function plain(content: string): string {
  return visibleText(content).replace(NOT_IN_FONT, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
    return `[U+${code}]`
  })
}

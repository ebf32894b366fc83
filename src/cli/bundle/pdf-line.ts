/** What WinAnsi, the encoding of the built-in fonts, has at the same place as Unicode. */
const SAME_IN_FONT = /^[\u0020-\u007e\u00a1-\u00ac\u00ae-\u00ff]*$/

/** What the library keeps to itself: the name of the font in use, and the fonts a page says it uses. */
interface Inside {
  _font: { id: string; ascender: number; ref(): unknown }
  _fontSize: number
  page: { fonts: Record<string, unknown> }
}

/**
 * Puts text that is known to fit on one line, in the font in use, at a place counted from the top left corner. The library
 * looks for places to break a line and for pairs of letters to move together, which takes longer than all the rest of a
 * bundle where thousands of exhibits have twenty rows each. Answers false, with nothing drawn, for text that needs the
 * library.
 */
export function drawLine(pdf: PDFKit.PDFDocument, content: string, x: number, top: number): boolean {
  if (!SAME_IN_FONT.test(content)) return false
  // The release is pinned, and a test reads what comes of this with other tools.
  const inside = pdf as unknown as Inside
  const { id, ascender } = inside._font
  const { height } = pdf.page
  const size = inside._fontSize
  const y = height - top - (ascender / 1000) * size
  inside.page.fonts[id] ??= inside._font.ref()
  const shown = content.replace(/[\\()]/g, '\\$&')
  // A page counts from its top; text has to be turned over again (ISO 32000-1 section 9.4).
  pdf.addContent(
    `q 1 0 0 -1 0 ${rounded(height)} cm BT 1 0 0 1 ${rounded(x)} ${rounded(y)} Tm /${id} ${size} Tf (${shown}) Tj ET Q`,
  )
  return true
}

function rounded(points: number): number {
  return Math.round(points * 1e4) / 1e4
}

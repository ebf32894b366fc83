export interface TextPiece {
  text: string
  /** UTF-16 offset in the whole text. */
  offset: number
}

const PIECE_LENGTH = 32 * 1024
/** How far back a place to cut is looked for, so that no number or link is cut in two. */
const CUT_REACH = 2048

/** Cuts a long text at line ends, else at spaces; only the first `limit` units are given out. Short texts stay whole. */
export function cutIntoPieces(text: string, limit: number): TextPiece[] {
  if (text.length <= PIECE_LENGTH) return [{ text, offset: 0 }]
  const pieces: TextPiece[] = []
  const total = Math.min(text.length, limit)
  let start = 0
  while (start < total) {
    const end = start + PIECE_LENGTH >= total ? total : cutBefore(text, start + PIECE_LENGTH)
    pieces.push({ text: text.slice(start, end), offset: start })
    start = end
  }
  return pieces
}

function cutBefore(text: string, end: number): number {
  const window = text.slice(end - CUT_REACH, end)
  const line = window.lastIndexOf('\n')
  if (line > 0) return end - CUT_REACH + line
  // A number may be written with spaces; two spaces or a space after a letter are safer.
  for (let i = window.length - 1; i > 0; i--) {
    if (window[i] === ' ' && !/[-+. ()/0-9]/.test(window[i - 1] ?? '')) return end - CUT_REACH + i
  }
  const isPair = (text.charCodeAt(end - 1) & 0xfc00) === 0xd800
  return isPair ? end - 1 : end
}

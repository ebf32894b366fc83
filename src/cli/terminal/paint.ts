export interface Paint {
  bold(text: string): string
  dim(text: string): string
  good(text: string): string
  attention(text: string): string
  bad(text: string): string
}

const wrap =
  (isOn: boolean, open: number, close: number) =>
  (text: string): string =>
    isOn ? `\u001b[${open}m${text}\u001b[${close}m` : text

/** Colours for a terminal; the same text unchanged where there is none. Colour never carries meaning alone. */
export function createPaint(isColourWanted: boolean): Paint {
  return {
    bold: wrap(isColourWanted, 1, 22),
    dim: wrap(isColourWanted, 2, 22),
    good: wrap(isColourWanted, 32, 39),
    attention: wrap(isColourWanted, 33, 39),
    bad: wrap(isColourWanted, 31, 39),
  }
}

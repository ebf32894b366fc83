/** Colour codes take no room on the screen. */
const COLOUR = /\p{Cc}\[\d+m/gu
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u

/** Columns a text takes in a terminal: East Asian letters and emoji take two, colour codes none. */
export function displayWidth(text: string): number {
  let width = 0
  for (const { segment } of new Intl.Segmenter().segment(text.replace(COLOUR, '')))
    width += WIDE.test(segment) ? 2 : 1
  return width
}

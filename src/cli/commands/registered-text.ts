import type { CoverageClass } from '#lib/phash/index.ts'
import type { CliContext } from '../context.ts'
import type { RegisteredLine } from '../register-pictures.ts'
import { safeText } from '../terminal/safe-text.ts'
import { wrapText } from '../terminal/wrap.ts'

/** What a person is told about a picture: what to expect by kind of copy, never a percentage, never "protected". */
const EXPECTED: Readonly<Record<CoverageClass, string>> = {
  most: 'We expect to recognise most copies: also when it is cropped, screenshotted, mirrored, or partly covered. Some will be missed, above all if text covers much of it or it is strongly tilted.',
  some: 'We expect to recognise full copies and many crops. Heavily covered or small copies may be missed.',
  'near-exact':
    'This picture has few details (dark, blurred or plain). We can recognise exact and near-exact copies only. If there is another picture of the same moment, add it too.',
}
const ONLY_THE_FILE =
  'This picture has too few details: only an exact copy of this file will be recognised. If there is another picture of the same moment, add it too.'
const WHOLE_ONLY =
  'Only the whole picture is compared, as asked: we expect to recognise copies that show all of it. Crops, screenshots and covered copies will be missed.'

/** What to expect of a picture; null where only whole pictures are compared. */
export function expectedText(coverage: CoverageClass | null): string {
  return coverage === null ? WHOLE_ONLY : EXPECTED[coverage]
}

/** Less than this of the frame is picture: worth telling. */
const MOSTLY_PICTURE = 0.9
const INDENT = '  '

/** Tells of registered pictures, one after the other; what holds for the next one, too, is not said again in full. */
export class RegisteredTexts {
  #lastTold = ''

  /** The lines for one picture. */
  lines(line: RegisteredLine, { paint, columns }: CliContext): string[] {
    const { file, alreadyThere, extended, quality, prints, windows, set } = line
    const state = alreadyThere ? 'already there' : paint.good(extended ? 'registered more fully' : 'added')
    const parts = set === 'whole' ? '' : `, ${windows} parts`
    const told = [expectation(line), ...borderNote(line)]
    const isSame = told.join() === this.#lastTold
    this.#lastTold = told.join()
    return [
      `${state}  ${safeText(file)}  quality ${quality}, ${prints} prints${parts}`,
      ...(isSame ? ['As for the picture before.'] : told).flatMap((text) => wrapText(INDENT + text, columns)),
    ]
  }
}

function expectation({ coverage, usable, windows }: RegisteredLine): string {
  if (!usable && windows === 0) return ONLY_THE_FILE
  return expectedText(coverage)
}

function borderNote({ pictureShare = 1 }: RegisteredLine): string[] {
  if (pictureShare >= MOSTLY_PICTURE) return []
  return [
    `Only ${Math.round(100 * pictureShare)} % of this frame is picture: parts were taken inside its border only. If this is a screenshot, add the picture itself too, or cut it down to the picture.`,
  ]
}

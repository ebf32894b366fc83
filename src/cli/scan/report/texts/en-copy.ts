import type { Position, Share, Side } from '../copy-place.ts'
import type { CopyTexts, CoverageTexts } from './copy-texts.ts'
import { countingIn } from './counting.ts'

const { counted, listed } = countingIn('en')

const SIDES: Record<Side, string> = { top: 'top', bottom: 'bottom', left: 'left', right: 'right' }

const POSITIONS: Record<Position, string> = {
  'top-left': 'at the top left',
  top: 'at the top',
  'top-right': 'at the top right',
  left: 'on the left',
  middle: 'in the middle',
  right: 'on the right',
  'bottom-left': 'at the bottom left',
  bottom: 'at the bottom',
  'bottom-right': 'at the bottom right',
}

const SHARES: Record<Share, string> = {
  'nearly-all': 'nearly all',
  'three-quarters': 'about three quarters',
  'two-thirds': 'about two thirds',
  half: 'about half',
  third: 'about a third',
  quarter: 'about a quarter',
  sixth: 'about a sixth',
  tenth: 'about a tenth',
  less: 'less than a tenth',
}

const pictures = (count: number): string =>
  counted(count, { one: '# registered picture', other: '# registered pictures' })

const sidesOf = (sides: readonly Side[]): string => listed(sides.map((side) => SIDES[side]))

export const ENGLISH_COPY: CopyTexts = {
  identicalFile: 'Identical file',
  wholePicture: 'Whole picture recognised',
  byParts: 'Recognised by parts of the picture',
  byPlaces: (votes) => `Recognised by ${votes} places that agree`,
  byPlacesOrMore: (votes) => `Recognised by ${votes} or more places that agree`,
  likely: 'Likely',
  likelyExplained: 'A person of the team must confirm this, without needing to look at the picture.',
  likelyAmong: (count) =>
    counted(count, {
      one: '# of them is only likely, and marked so. A person of the team must confirm it by the sender, the time and the messages around it. Nobody needs to look at the picture.',
      other:
        '# of them are only likely, and marked so. A person of the team must confirm them by the sender, the time and the messages around them. Nobody needs to look at the pictures.',
    }),
  cropped: 'cropped',
  insideLarger: 'inside a larger picture such as a screenshot',
  covered: 'partly covered or changed',
  cutOff: (sides, remaining) =>
    `cut off at the ${sidesOf(sides)}, ${SHARES[remaining]} of the registered picture is still there`,
  cutOffAtLeast: (sides) => `cut off at least at the ${sidesOf(sides)}`,
  lies: (position, share) => `${POSITIONS[position]}, taking ${SHARES[share]} of the posted picture`,
  drawing: 'Drawing: where the registered picture lies in the posted one',
  notToScale: 'Not to scale.',
  legend:
    'The drawings show no picture. Solid line: the edge of the posted picture. Filled: where the registered picture lies in it. Dashed line: what was cut off. Two triangles: mirrored. Arrow: where its top now points. Inside a larger picture only a cut at its edge is seen, not what was cut off before. Where the shape of the posted picture is not known, a square is drawn.',
}

export const ENGLISH_COVERAGE: CoverageTexts = {
  foundWhole:
    'Found: copies that show the whole picture — the same file, saved again, made smaller, recoloured a little, mirrored, turned by a quarter or half, or with a plain border around it.',
  missedWhole:
    'Usually not found: crops of more than about 2%, screenshots of a chat, collages, large stickers or captions, and pictures turned by a few degrees.',
  partsLeftOut:
    'As asked (--whole-only), parts of pictures were not compared. Scan again without it to find crops and screenshots too.',
  bankWithoutParts:
    'The bank holds its pictures as a whole only. To find crops and screenshots too, add the pictures again with their parts, if the person they belong to agrees.',
  foundParts:
    'Found too: crops, screenshots, collages, and copies partly covered by stickers, also when mirrored or turned by a quarter or half.',
  most: (count) =>
    `${pictures(count)}: we expect to recognise most copies, also when cropped, screenshotted, mirrored or partly covered. Some will be missed, above all if text covers much of the picture or it is strongly tilted.`,
  many: (count) =>
    `${pictures(count)}: we expect to recognise full copies and many crops. Heavily covered or small copies may be missed.`,
  nearIdentical: (count) =>
    `${pictures(count)} with few details (dark, blurred or plain): we can recognise exact and near-exact copies only.`,
  wholeOnly: (count) =>
    `${pictures(count)} known as a whole only: crops, screenshots and covered copies will be missed.`,
  fileOnly: (count) =>
    `${pictures(count)} with too few details: only an exact copy of the registered file is recognised.`,
  notCounted:
    'How much is found depends on the registered picture. If it has few details (dark, blurred or plain), or is known as a whole only, crops and screenshots of it will be missed.',
  missedParts:
    'May still be missed: pictures with text or a watermark over most of them, pictures tilted by more than about 2 degrees (3 where tilted parts were registered too), and copies so small that the shorter side of the picture is under about 160 pixels.',
  anotherPhoto:
    'Another photo of the same moment is another picture. It is found only if it is registered too.',
  videos: 'Videos are compared only by the preview picture in the export, if it has one.',
}

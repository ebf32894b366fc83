import type { Position, Share, Side } from '../copy-place.ts'
import type { CopyTexts, CoverageTexts } from './copy-texts.ts'
import { countingIn } from './counting.ts'

const { number, listed } = countingIn('zh-Hans')

const SIDES: Record<Side, string> = { top: '上边', bottom: '下边', left: '左边', right: '右边' }

const POSITIONS: Record<Position, string> = {
  'top-left': '在左上方',
  top: '在上方',
  'top-right': '在右上方',
  left: '在左侧',
  middle: '在中间',
  right: '在右侧',
  'bottom-left': '在左下方',
  bottom: '在下方',
  'bottom-right': '在右下方',
}

const SHARES: Record<Share, string> = {
  'nearly-all': '绝大部分',
  'three-quarters': '约四分之三',
  'two-thirds': '约三分之二',
  half: '约一半',
  third: '约三分之一',
  quarter: '约四分之一',
  sixth: '约六分之一',
  tenth: '约十分之一',
  less: '不到十分之一',
}

const sidesOf = (sides: readonly Side[]): string => listed(sides.map((side) => SIDES[side]))

export const CHINESE_COPY: CopyTexts = {
  identicalFile: '完全相同的文件',
  wholePicture: '凭整张图片认出',
  byParts: '凭图片的局部认出',
  byPlaces: (votes) => `凭 ${votes} 处互相吻合的局部认出`,
  byPlacesOrMore: (votes) => `凭 ${votes} 处或更多互相吻合的局部认出`,
  likely: '可能',
  likelyExplained: '须由团队中的一个人确认，不需要看图片。',
  likelyAmong: (count) =>
    `其中 ${number(count)} 次只是可能，已作标记。须由团队中的一个人根据发送者、时间和前后讯息来确认。任何人都不需要看图片。`,
  cropped: '经过裁剪',
  insideLarger: '在更大的图片中（例如截图）',
  covered: '部分被遮住或有改动',
  cutOff: (sides, remaining) => `${sidesOf(sides)}被裁去，已登记的图片还剩${SHARES[remaining]}`,
  cutOffAtLeast: (sides) => `至少${sidesOf(sides)}被裁去`,
  lies: (position, share) => `${POSITIONS[position]}，占所发图片的${SHARES[share]}`,
  drawing: '示意图：已登记的图片在所发图片中的位置',
  notToScale: '不按比例。',
  legend:
    '示意图不显示任何图片。实线：所发图片的边缘。填色部分：已登记的图片所在的位置。虚线：被裁去的部分。两个三角形：左右翻转。箭头：原来的上方现在所指的方向。在更大的图片中，只能看出在其边缘处的裁剪，看不出之前裁去了什么。如果不知道所发图片的形状，就画成正方形。',
}

export const CHINESE_COVERAGE: CoverageTexts = {
  foundWhole:
    '能找到：显示完整图片的副本——同一个文件、重新保存、缩小、颜色略有改动、左右翻转、旋转四分之一圈或半圈，或四周加了纯色边框。',
  missedWhole: '通常找不到：裁剪超过约 2% 的图片、聊天截图、拼图、大面积的贴图或文字，以及旋转了几度的图片。',
  partsLeftOut:
    '按照要求（--whole-only），没有比对图片的局部。请去掉这个选项再扫描一次，才能也找到裁剪过的图片和截图。',
  bankWithoutParts:
    '指纹库只保存了整张图片的指纹。如果图片所属的人同意，请连同局部再登记一次，才能也找到裁剪过的图片和截图。',
  foundParts:
    '也能找到：裁剪过的图片、截图、拼图，以及部分被贴图遮住的副本；左右翻转、旋转四分之一圈或半圈也可以。',
  most: (count) =>
    `${number(count)} 张已登记的图片：预计能认出大多数副本，包括裁剪、截图、左右翻转或部分被遮住的。仍会有遗漏，尤其是文字遮住大部分图片，或图片明显倾斜的时候。`,
  many: (count) =>
    `${number(count)} 张已登记的图片：预计能认出完整的副本和许多裁剪过的副本。遮住很多或很小的副本可能会遗漏。`,
  nearIdentical: (count) =>
    `${number(count)} 张已登记的图片细节很少（昏暗、模糊或单调）：只能认出相同和几乎相同的副本。`,
  wholeOnly: (count) => `${number(count)} 张图片只登记了整张的指纹：裁剪、截图和被遮住的副本会遗漏。`,
  fileOnly: (count) => `${number(count)} 张已登记的图片细节太少：只能认出与已登记文件完全相同的副本。`,
  notCounted:
    '能找到多少，取决于已登记的图片。如果图片细节很少（昏暗、模糊或单调），或只登记了整张的指纹，它的裁剪副本和截图会遗漏。',
  missedParts:
    '仍可能遗漏：大部分被文字或水印遮住的图片、倾斜超过约 2 度的图片（如果也登记了倾斜的局部，则为约 3 度），以及很小的副本（图片短边不到约 160 像素）。',
  anotherPhoto: '同一时刻的另一张照片是另一张图片，只有也登记了才能找到。',
  videos: '视频只凭导出记录中的预览图比对（如果有的话）。',
}

import type { AttachmentKind } from '../model.ts'

/** Android, after a file name: `IMG-20260115-WA0001.jpg (file attached)`. */
export const ATTACHED_PHRASES: ReadonlySet<string> = new Set([
  'file attached',
  'fail dilampirkan',
  'fail terlampir',
  'file terlampir',
  '文件附件',
  '附件',
  '附件檔案',
  '檔案附件',
  'கோப்பு இணைக்கப்பட்டது',
  'archivo adjunto',
  'arquivo anexado',
  'fichier joint',
  'datei angehängt',
  'file allegato',
])

/** iOS, before a file name: `<attached: 00000012-PHOTO-2026-01-15-21-09-11.jpg>`. */
export const ATTACHED_LABELS: ReadonlySet<string> = new Set([
  'attached',
  'dilampirkan',
  'terlampir',
  'lampiran',
  '附件',
  '已附加',
  'இணைக்கப்பட்டது',
  'adjunto',
  'anexado',
  'pièce jointe',
  'anhang',
  'allegato',
])

/** Android, instead of a file: `<Media omitted>`, without its angle brackets. */
export const OMITTED_PHRASES: ReadonlySet<string> = new Set([
  'media omitted',
  'media disingkirkan',
  'media dikecualikan',
  'media ditinggalkan',
  'media tidak disertakan',
  'media diabaikan',
  '媒体文件已省略',
  '省略多媒体文件',
  '忽略多媒体文件',
  '已忽略多媒体文件',
  '媒體已略去',
  '省略多媒體檔',
  '省略多媒體檔案',
  'ஊடகம் தவிர்க்கப்பட்டது',
  'மீடியா தவிர்க்கப்பட்டது',
  'multimedia omitido',
  'mídia oculta',
  'médias omis',
  'medien ausgeschlossen',
  'media omessi',
])

/** iOS, instead of a file: `image omitted`; in a document's case after its name. */
export const OMITTED_KINDS: Readonly<Record<string, AttachmentKind>> = {
  'image omitted': 'photo',
  'video omitted': 'video',
  'video note omitted': 'round',
  'audio omitted': 'voice',
  'sticker omitted': 'sticker',
  'gif omitted': 'animation',
  'document omitted': 'file',
  'contact card omitted': 'contact-card',
  'imej ditinggalkan': 'photo',
  'imej disingkirkan': 'photo',
  'gambar tidak disertakan': 'photo',
  'video ditinggalkan': 'video',
  'video disingkirkan': 'video',
  'video tidak disertakan': 'video',
  'audio ditinggalkan': 'voice',
  'audio disingkirkan': 'voice',
  'audio tidak disertakan': 'voice',
  'pelekat ditinggalkan': 'sticker',
  'stiker tidak disertakan': 'sticker',
  'dokumen ditinggalkan': 'file',
  'dokumen tidak disertakan': 'file',
  图像已忽略: 'photo',
  图片已忽略: 'photo',
  视频已忽略: 'video',
  音频已忽略: 'voice',
  贴图已忽略: 'sticker',
  文件已忽略: 'file',
  圖片已略去: 'photo',
  影片已略去: 'video',
  音訊已略去: 'voice',
  貼圖已略去: 'sticker',
  文件已略去: 'file',
  'படம் தவிர்க்கப்பட்டது': 'photo',
  'வீடியோ தவிர்க்கப்பட்டது': 'video',
  'ஆடியோ தவிர்க்கப்பட்டது': 'voice',
}

const KINDS_BY_ENDING: Readonly<Record<string, AttachmentKind>> = {
  jpg: 'photo',
  jpeg: 'photo',
  png: 'photo',
  heic: 'photo',
  avif: 'photo',
  mp4: 'video',
  mov: 'video',
  '3gp': 'video',
  mkv: 'video',
  webp: 'sticker',
  gif: 'animation',
  opus: 'voice',
  ogg: 'voice',
  m4a: 'audio',
  mp3: 'audio',
  aac: 'audio',
  vcf: 'contact-card',
}

/** What a file is, by the ending of its name: a claim of the export, not a look at the file. */
export function kindOfFileName(name: string): AttachmentKind {
  const ending = name.slice(name.lastIndexOf('.') + 1).toLowerCase()
  // Own keys only: a file may be called `a.constructor`.
  const kind = Object.hasOwn(KINDS_BY_ENDING, ending) ? KINDS_BY_ENDING[ending] : undefined
  if (/^PTT-|-AUDIO-/.test(name)) return 'voice'
  if (/^STK-|-STICKER-/.test(name)) return 'sticker'
  if (/-GIF-/.test(name)) return 'animation'
  if (kind === 'sticker' && /^IMG-|-PHOTO-/.test(name)) return 'photo'
  return kind ?? 'file'
}

import type { Attachment } from '#lib/chat/index.ts'

const PICTURE_NAME = /\.(?:jpe?g|jfif|png|webp|gif|avif|heic|heif|tiff?)$/i

/** Whether an attachment may hold a picture: photos, stickers, thumbnails, and files that say so by type or name. */
export function isPictureAttachment({ kind, mime, path, fileName }: Attachment): boolean {
  if (kind === 'photo' || kind === 'thumbnail') return true
  if (kind !== 'file' && kind !== 'sticker' && kind !== 'animation') return false
  return mime?.startsWith('image/') === true || PICTURE_NAME.test(path ?? fileName ?? '')
}

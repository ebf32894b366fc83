import { expect, it } from 'vitest'
import type { Attachment } from '#lib/chat/index.ts'
import { isPictureAttachment } from './picture-attachments.ts'

it('takes photos, previews and files that say they are pictures', () => {
  const table: [Omit<Attachment, 'state'>, boolean][] = [
    [{ kind: 'photo' }, true],
    [{ kind: 'thumbnail' }, true],
    [{ kind: 'file', mime: 'image/png' }, true],
    [{ kind: 'file', path: 'files/A.JPEG' }, true],
    [{ kind: 'file', fileName: 'a.heic' }, true],
    [{ kind: 'sticker', path: 'stickers/a.webp' }, true],
    [{ kind: 'animation', mime: 'video/mp4', path: 'a.mp4' }, false],
    [{ kind: 'file', path: 'a.jpg.pdf' }, false],
    [{ kind: 'video', path: 'a.jpg' }, false],
    [{ kind: 'contact-card' }, false],
  ]
  for (const [attachment, isPicture] of table)
    expect([attachment, isPictureAttachment({ ...attachment, state: 'present' })]).toEqual([
      attachment,
      isPicture,
    ])
})

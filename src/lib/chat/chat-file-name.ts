/** Only the order of looking depends on these names: such files are looked at last. */
const MEDIA_ENDINGS =
  /\.(jpe?g|png|webp|gif|avif|hei[cf]|tiff?|mp4|mov|3gp|opus|ogg|m4a|mp3|tgs|vcf|pdf|css|js)$/i

/** Folders Telegram Desktop writes what members posted into, with the names members gave. */
const MEDIA_FOLDERS: ReadonlySet<string> = new Set([
  'animations',
  'chats',
  'contacts',
  'css',
  'files',
  'images',
  'js',
  'photos',
  'profile_pictures',
  'round_video_messages',
  'stickers',
  'stories',
  'video_files',
  'voice_messages',
])

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

export function hasMediaEnding(path: string): boolean {
  return MEDIA_ENDINGS.test(path)
}

/** True when members of a Telegram chat decide what lies at `path`, so that no chat file of its own can lie there. */
export function isInMediaFolder(path: string): boolean {
  return path
    .split('/')
    .slice(0, -1)
    .some((folder) => MEDIA_FOLDERS.has(folder))
}

/** True for a name an exporter gives a chat: Telegram's, or WhatsApp's, which has its own name in every language. */
export function isChatFileName(path: string): boolean {
  const name = baseName(path)
  return /^(?:result\.json|messages\d{0,9}\.html|_chat\.txt)$/i.test(name) || /whatsapp.*\.txt$/i.test(name)
}

/** Where to look first: 0 for a chat's own names, then text formats, then other files, then media. */
export function lookingRank(path: string): number {
  if (isChatFileName(path)) return 0
  if (hasMediaEnding(path)) return 3
  return /\.(?:txt|json|html?)$/i.test(path) ? 1 : 2
}

/** What operating systems leave in folders and archives. */
export function isSystemFile(path: string): boolean {
  return /(?:^|\/)(?:__MACOSX\/|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$)/.test(path)
}

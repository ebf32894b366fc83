export const LINK_KINDS = [
  'username',
  'post',
  'private-post',
  'invite',
  'phone',
  'folder',
  'reserved',
  'distribution-point',
  'other',
] as const

/**
 * `username`: a public group, channel or person. `post`: a message (or the preview) of one. `private-post`: a message
 * of a group or channel without a public name. `invite`: lets the holder in. `phone`: stands for a phone number.
 * `folder`: adds a list of chats. `reserved`: a function of the platform, never a place. `distribution-point`: a file
 * host. `other`: any other web address.
 */
export type LinkKind = (typeof LINK_KINDS)[number]

export type LinkPlatform = 'telegram' | 'whatsapp' | 'discord' | 'instagram' | 'tiktok' | 'web'

/** What a link says. It is read as text: nothing in Saksi opens it. */
export interface Link {
  kind: LinkKind
  platform: LinkPlatform
  /** As it stood in the text, disguise and invisible marks included. */
  raw: string
  /** Disguise and invisible marks taken off; what was parsed. */
  plain: string
  /**
   * What it points to, equal for links that mean the same: `tg:@name`, `tg:channel:<id>`, `tg:invite:<hash>`,
   * `tg:folder:<slug>`, `tg:reserved:<word>`, `tel:+<digits>`, `wa:invite:<code>`, `wa:channel:<code>`,
   * `dc:invite:<code>`, `dc:<guild>/<channel>`, `ig:@name`, `tt:@name`, else host, path and query.
   */
  target: string
  /** Lower case, punycode for other scripts; empty for schemes without one. */
  host: string
  /** Message id, for links to a message. */
  post: string | null
}

/** What a platform reads from a link; the caller adds the rest. */
export interface Reading {
  kind: LinkKind
  platform: LinkPlatform
  target: string
  post: string | null
}

export function reading(
  kind: LinkKind,
  platform: LinkPlatform,
  target: string,
  post: string | null = null,
): Reading {
  return { kind, platform, target, post }
}

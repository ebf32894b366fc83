import { type AddressParts, queryValue } from './address-parts.ts'
import { isFileHost } from './file-hosts.ts'
import { type Reading, reading } from './link.ts'

const WHATSAPP_CODE = /^[A-Za-z0-9_-]{18,32}$/
const DISCORD_CODE = /^[A-Za-z0-9-]{2,32}$/
const SNOWFLAKE = /^\d{1,20}$/
/** Instagram allows dots, TikTok up to 24 characters; both start and end with something else. */
const PROFILE_NAME = /^[a-z0-9_](?:[a-z0-9_.]{0,28}[a-z0-9_])?$/i
const INSTAGRAM_WORDS = new Set(
  'about accounts api developer direct explore legal p reel reels stories tv web'.split(' '),
)

/** Reads WhatsApp, Discord, Instagram, TikTok and file-host links; null for everything else. */
export function readOtherLink(parts: AddressParts): Reading | null {
  const host = parts.host.replace(/^(?:www|m)\./, '')
  return (
    readWhatsApp(host, parts) ??
    readDiscord(host, parts) ??
    readProfile(host, parts) ??
    readFileHost(host, parts)
  )
}

function readWhatsApp(host: string, parts: AddressParts): Reading | null {
  const [first = '', second = ''] = parts.segments
  if (parts.scheme === 'whatsapp')
    return whatsAppNumber(queryValue(parts.query, 'phone') ?? '') ?? whatsAppOwn(first)
  if (host === 'chat.whatsapp.com') {
    const code = first.toLowerCase() === 'invite' ? second : first
    return WHATSAPP_CODE.test(code) ? reading('invite', 'whatsapp', `wa:invite:${code}`) : null
  }
  if (host === 'whatsapp.com' && first.toLowerCase() === 'channel' && WHATSAPP_CODE.test(second)) {
    return reading('username', 'whatsapp', `wa:channel:${second}`)
  }
  if (host === 'wa.me' || host === 'wasap.my')
    return whatsAppNumber(first) ?? (first === '' ? null : whatsAppOwn(first))
  if (host !== 'api.whatsapp.com' && host !== 'web.whatsapp.com' && host !== 'whatsapp.com') return null
  return whatsAppNumber(queryValue(parts.query, 'phone') ?? '') ?? (first === '' ? null : whatsAppOwn(first))
}

/** WhatsApp asks for the international form; a leading zero is read as a Malaysian number, which is how people write it. */
function whatsAppNumber(text: string): Reading | null {
  const digits = text.replace(/[-. ()]/g, '').replace(/^\+/, '')
  if (!/^\d{7,15}$/.test(digits)) return null
  const target =
    digits.startsWith('0') && !digits.startsWith('00')
      ? `tel:+6${digits}`
      : `tel:+${digits.replace(/^0+/, '')}`
  return reading('phone', 'whatsapp', target)
}

function whatsAppOwn(word: string): Reading | null {
  return reading('reserved', 'whatsapp', `wa:reserved:${word.toLowerCase()}`)
}

function readDiscord(host: string, parts: AddressParts): Reading | null {
  const [first = '', second = '', third = '', post] = parts.segments
  if (host === 'discord.gg') return discordInvite(first)
  if (host !== 'discord.com' && host !== 'discordapp.com') return null
  if (first.toLowerCase() === 'invite') return discordInvite(second)
  if (first.toLowerCase() !== 'channels' || !SNOWFLAKE.test(second) || !SNOWFLAKE.test(third)) return null
  const target = `dc:${second}/${third}`
  return reading('private-post', 'discord', target, post !== undefined && SNOWFLAKE.test(post) ? post : null)
}

function discordInvite(code: string): Reading | null {
  return DISCORD_CODE.test(code) ? reading('invite', 'discord', `dc:invite:${code}`) : null
}

function readProfile(host: string, parts: AddressParts): Reading | null {
  const [first = '', second = ''] = parts.segments
  if (host === 'instagram.com') {
    const name = first.toLowerCase() === 'stories' ? second : first
    if (!PROFILE_NAME.test(name) || INSTAGRAM_WORDS.has(name.toLowerCase())) return null
    return reading('username', 'instagram', `ig:@${name.toLowerCase()}`)
  }
  if (host !== 'tiktok.com' || !first.startsWith('@') || !PROFILE_NAME.test(first.slice(1))) return null
  const post = parts.segments[2] ?? null
  return reading(post === null ? 'username' : 'post', 'tiktok', `tt:${first.toLowerCase()}`, post)
}

/** The fragment is left out of the target: on some hosts it is the key that opens the files. */
function readFileHost(host: string, parts: AddressParts): Reading | null {
  if (!isFileHost(host) || (parts.segments.length === 0 && parts.query === '')) return null
  const target = `${host}${parts.path}${parts.query === '' ? '' : `?${parts.query}`}`
  return reading('distribution-point', 'web', target)
}

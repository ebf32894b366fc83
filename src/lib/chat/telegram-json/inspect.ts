import type { Source } from '../model.ts'
import { OPEN_LIST } from './ascii.ts'
import { ByteWindow } from './byte-window.ts'
import { isChatType, isFullAccountKey, isHeaderKey } from './header.ts'
import { RootCursor } from './root-cursor.ts'

const INSPECTION_BYTES = 65_536
/** A file that hides its kind behind more bytes than this is of no kind we know. */
const FARTHEST_BYTES = 16 << 20
const FIRST_MESSAGE =
  /^\[\s*(?:\]|\{\s*"id"\s*:\s*-?\d+\s*,\s*"type"\s*:\s*"(?:message|service|unsupported)")/

/**
 * Whether a file is Telegram Desktop's JSON: the export of one chat, of a full account, or (null) neither. Reads keys of
 * the root, and at most the first keys of the first message; never a value of an account export.
 */
export async function inspectTelegramJson(source: Source): Promise<'chat' | 'full-account' | null> {
  const window = new ByteWindow(source, { windowBytes: INSPECTION_BYTES })
  const cursor = new RootCursor(window)
  while (window.readBytes < FARTHEST_BYTES) {
    const step = await cursor.next()
    if (typeof step === 'string') return null
    if (isFullAccountKey(step.key)) {
      window.wipe()
      return 'full-account'
    }
    if (step.key === 'messages') {
      if ((await cursor.peek()) !== OPEN_LIST) return null
      return (await beginsWithMessage(window)) ? 'chat' : null
    }
    if (step.key === 'type' && isChatType(await cursor.scalar())) return 'chat'
    if (step.key === 'type') continue
    if (!isHeaderKey(step.key) && step.key !== 'about') return null
    if (!(await cursor.skip())) return null
  }
  return null
}

async function beginsWithMessage(window: ByteWindow): Promise<boolean> {
  if (window.end - window.pos < 1024) await window.more()
  const start = window.bytes.subarray(window.pos, Math.min(window.end, window.pos + 1024))
  return FIRST_MESSAGE.test(new TextDecoder().decode(start))
}

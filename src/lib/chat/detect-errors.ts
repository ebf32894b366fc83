import { ChatError } from './errors.ts'

const ACCEPTED =
  'Accepted are: a Telegram Desktop export of one chat (result.json or messages.html with its folders), a WhatsApp chat (the .txt file or the .zip), or a folder of pictures.'

export function unknown(): ChatError {
  return new ChatError('FORMAT_UNKNOWN', `This is no chat export that can be read here. ${ACCEPTED}`)
}

export function notReadable(path: string): ChatError {
  return new ChatError(
    'FORMAT_UNKNOWN',
    `${JSON.stringify(path)} is named like a chat, but is empty, damaged, not a plain file or not UTF-8 (a program may have saved it in another encoding, such as UTF-16). Nothing was read. Hand over the export as it was first made. ${ACCEPTED}`,
  )
}

export function tooDeep(path: string): ChatError {
  return new ChatError(
    'FORMAT_UNKNOWN',
    `${JSON.stringify(path)} is named like a chat, but lies too deep. Nothing was read. Hand over the folder it is in.`,
  )
}

export function tooMany(mostSniffed: number): ChatError {
  return new ChatError(
    'FORMAT_UNKNOWN',
    `There are more than ${mostSniffed} files that may be a chat, and none of those looked into is one. Nothing was read. Hand over the chat's own file. ${ACCEPTED}`,
  )
}

export function ambiguous(candidates: readonly { paths: readonly string[] }[]): ChatError {
  const paths = candidates.map((one) => JSON.stringify(one.paths[0])).slice(0, 10)
  return new ChatError(
    'FORMAT_AMBIGUOUS',
    `There is more than one chat here: ${paths.join(', ')}. Nothing was read. Hand over one of them at a time.`,
  )
}

export function fullAccount(): ChatError {
  return new ChatError(
    'TG_FULL_ACCOUNT',
    'This is an export of a whole Telegram account, with contacts and every private chat. It was not read. To export one chat: open the chat in Telegram Desktop, choose ⋮ and "Export chat history", format JSON.',
  )
}

import type { Random } from '#lib/scenes/index.ts'
import { Clock } from './clock.ts'
import { type Member, membersOf } from './members.ts'
import type { Settings } from './options.ts'
import { anySentence } from './sentences.ts'
import { randomFor } from './streams.ts'
import {
  type ChatMessage,
  chatMessageJson,
  localTime,
  type MediaFields,
  NOT_INCLUDED,
  type ServiceMessage,
  serviceMessageJson,
} from './telegram-message.ts'
import { plain, type TextPart } from './telegram-text.ts'
import type { Truth } from './truth.ts'
import { EMOJI } from './words.ts'

/** Malaysian time; there is no daylight saving. */
const OFFSET_SECONDS = 8 * 3600
const REMEMBERED_IDS = 64

/** Who writes, when, under which id, and what is counted about it. One per export, used message by message. */
export class Conversation {
  readonly text: Random
  private readonly people: Random
  private readonly members: [Member, ...Member[]]
  private readonly clock: Clock
  private readonly truth: Truth
  private readonly recentIds: number[] = []
  private id = 0
  private unix = 0

  constructor(settings: Settings, truth: Truth) {
    this.text = randomFor(settings.seed, '/text')
    this.people = randomFor(settings.seed, '/writers')
    this.clock = new Clock(
      randomFor(settings.seed, '/time'),
      settings.startUnix,
      settings.messages,
      OFFSET_SECONDS,
    )
    this.truth = truth
    const [first, ...rest] = membersOf(settings.people.seed, settings.people.first, settings.members)
    if (first === undefined) throw new RangeError('a group needs a member')
    this.members = [first, ...rest]
  }

  /** Moves on to the next message and gives its id. Call before writing it. */
  advance(): number {
    // Ids have holes where messages were deleted.
    this.id += this.id > 0 && this.people.isHit(0.04) ? this.people.whole(2, 5) : 1
    this.unix = this.clock.next()
    return this.id
  }

  /** The current message's local time as in the names of exported files: `15-01-2026_17-59-43`. */
  fileTime(): string {
    const local = localTime(this.unix, OFFSET_SECONDS)
    return `${local.slice(8, 10)}-${local.slice(5, 7)}-${local.slice(0, 4)}_${local.slice(11).replaceAll(':', '-')}`
  }

  /** A few write much, most write little. */
  anyMember(): Member {
    const share = this.people.unit()
    return this.members[Math.floor(share * share * this.members.length)] ?? this.members[0]
  }

  owner(): Member {
    return this.members[0]
  }

  /** The message under the current id, with what messages have by chance: replies, edits, forwards, reactions. */
  write(
    from: Member,
    parts: readonly TextPart[],
    fixed: { media?: MediaFields; forwardedFrom?: string | null } = {},
  ): string {
    const { people, truth } = this
    const message: ChatMessage = { id: this.id, unix: this.unix, from, parts }
    if (fixed.media) message.media = fixed.media
    if (fixed.forwardedFrom) message.forwardedFrom = fixed.forwardedFrom
    else if (fixed.forwardedFrom === undefined && people.isHit(0.07))
      message.forwardedFrom = `Saluran Contoh ${people.whole(1, 9)}`
    const repliedId = this.recentIds[people.below(REMEMBERED_IDS)]
    if (message.forwardedFrom === undefined && repliedId !== undefined && people.isHit(0.12))
      message.replyTo = repliedId
    if (people.isHit(0.03)) message.editedUnix = this.unix + people.whole(5, 900)
    if (people.isHit(0.04)) {
      message.reaction = {
        emoji: people.pick(['👍', '❤', '😁']),
        count: people.whole(1, 7),
        recent: this.anyMember(),
        unix: this.unix + 60,
      }
    }
    truth.counts.messages++
    if (message.editedUnix !== undefined) truth.counts.edited++
    if (message.forwardedFrom !== undefined) truth.counts.forwarded++
    if (message.replyTo !== undefined) truth.counts.replies++
    this.recentIds[this.id % REMEMBERED_IDS] = this.id
    return chatMessageJson(message, OFFSET_SECONDS)
  }

  writeService(actor: Member, action: string, fields: ServiceMessage['fields']): string {
    this.truth.counts.service++
    return serviceMessageJson({ id: this.id, unix: this.unix, actor, action, fields }, OFFSET_SECONDS)
  }

  /** What fills an export between the planned messages. */
  writeFiller(): string {
    const chance = this.people.unit()
    const from = this.anyMember()
    if (chance < 0.004) return this.writeJoin(from)
    if (chance < 0.034) return this.write(from, [], { media: this.anyLeftOutMedia() })
    const sentence = anySentence(this.text, from.language)
    if (chance > 0.98) {
      const bold = { type: 'bold', text: anySentence(this.text, from.language) } as const
      return this.write(from, [plain(`${sentence} `), bold])
    }
    return this.write(from, [plain(sentence)])
  }

  private writeJoin(actor: Member): string {
    return this.people.isHit(0.5)
      ? this.writeService(actor, 'join_group_by_link', [['inviter', this.owner().name ?? '']])
      : this.writeService(actor, 'invite_members', [['members', [this.anyMember().name]]])
  }

  /** Stickers and voice messages are left out of an export that was made with the usual settings: photos only. */
  private anyLeftOutMedia(): MediaFields {
    const { people, truth } = this
    truth.attachments['not-included']++
    if (people.isHit(0.4)) {
      return [
        ['file', NOT_INCLUDED],
        ['file_name', `audio_${people.whole(1, 999)}.ogg`],
        ['file_size', people.whole(4_000, 90_000)],
        ['media_type', 'voice_message'],
        ['mime_type', 'audio/ogg'],
        ['duration_seconds', people.whole(1, 59)],
      ]
    }
    return [
      ['file', NOT_INCLUDED],
      ['file_name', 'sticker.webp'],
      ['file_size', people.whole(8_000, 40_000)],
      ['media_type', 'sticker'],
      ['sticker_emoji', people.pick(EMOJI)],
      ['width', 512],
      ['height', 512],
    ]
  }
}

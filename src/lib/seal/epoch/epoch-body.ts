import { hex32, oneOf, shape, whole } from '../roster/forms.ts'

export const EPOCH_REASONS = ['member-left', 'suspected-compromise', 'routine'] as const
export type EpochReason = (typeof EPOCH_REASONS)[number]

/** What a record of a new epoch says beside the fields of every message. */
export type EpochBody = {
  /** SHA-256 of the new and of the old case recipient as text, 64 hexadecimal digits. */
  readonly recipientSha256: string
  readonly prevRecipientSha256: string
  readonly reason: EpochReason
  /** How many wraps there are, and which one is the survivor's: a server that keeps hers back is found out. */
  readonly wraps: number
  readonly survivorSlot: number
}

const hasFields = shape({
  recipientSha256: hex32,
  prevRecipientSha256: hex32,
  reason: oneOf(EPOCH_REASONS),
  wraps: whole(3, 1088),
  survivorSlot: whole(0, 1087),
})

export function isEpochBody(value: unknown): value is EpochBody {
  return hasFields(value) && value.survivorSlot < value.wraps
}

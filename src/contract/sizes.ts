/** A wrap: 128 bytes sealed to one hybrid recipient. */
export const WRAP_BYTES = 1_787
/** Wraps of the first epoch, real ones and filler alike. */
export const FIRST_WRAPS = 12
/** A sealed record: frames of 4,096, 16,384, 65,536 and 262,144 bytes. The server takes no other length. */
export const ITEM_BYTES = [5_755, 18_043, 67_195, 263_851] as const
export const MAX_FIRST_ITEMS = 8

/** One page of a mailbox, whatever is in it. */
export const PAGE_BYTES = 65_536

/** A part of a file; the last one is shorter. */
export const PART_BYTES = 1_048_576
export const MAX_BLOB_BYTES = 512 * PART_BYTES
export const MAX_BLOBS_PER_CASE = 64

/** Into how many parts so many bytes go. */
export function partCount(sizeBytes: number): number {
  return Math.ceil(sizeBytes / PART_BYTES)
}

/** The length of part `part` (from 0) of a file of so many bytes. */
export function partLength(sizeBytes: number, part: number): number {
  return Math.min(PART_BYTES, sizeBytes - part * PART_BYTES)
}

/** A sealed set of prints of one registered picture. */
export const PRINT_SET_BYTES = 67_195
/** The sealed prints of one picture that was seen. */
export const SIGHTING_BYTES = 263_851
/** The sealed context of a sighting: frames of a record, nonce and tag. */
export const CONTEXT_SIZES = [4_136, 16_424, 65_576, 262_184] as const
/** 480 hits of 136 bytes. */
export const HIT_LIST_BYTES = 65_280

import * as z from 'zod/mini'

/*
 * What a witness's client says of a picture that was seen, sealed for whoever's picture it is. Canonical JSON: a field that is
 * not known is absent. Identifiers are masked; what they were stands in the export, at the byte ranges given.
 */

const sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/))
const count = z.int().check(z.gte(0))

const nearby = z.strictObject({
  kind: z.string(),
  masked: z.string(),
  confidence: z.string(),
  /** Messages between this one and the one with the picture; 0 is the message itself. */
  messagesApart: z.int(),
})

/** One message that shows the picture. */
const shown = z.strictObject({
  messageId: z.optional(z.string()),
  /** ISO 8601 in UTC, or as the export writes it where UTC is not known. */
  sentAt: z.optional(z.string()),
  sentAtLocal: z.optional(z.string()),
  place: z.optional(z.string()),
  sender: z.optional(z.string()),
  isForwarded: z.boolean(),
  /** Path of the picture in the export. */
  attachment: z.string(),
  /** The bytes of the message in the export, and their SHA-256. */
  raw: z.strictObject({ file: z.string(), start: count, end: count, sha256: z.optional(sha256) }),
  identifiers: z.array(nearby),
  identifiersLeftOut: count,
})

export const sightingContext = z.strictObject({
  saksiSighting: z.literal(1),
  /** `YYYY-MM-DD`: when the export was collected. */
  collected: z.string(),
  export: z.strictObject({ name: z.string(), format: z.string() }),
  picture: z.strictObject({ sha256, width: count, height: count }),
  shown: z.array(shown),
  /** Further messages that show it. */
  shownLeftOut: count,
})

export type SightingContext = z.infer<typeof sightingContext>
export type ShownIn = z.infer<typeof shown>

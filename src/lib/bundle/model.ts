/**
 * What a bundle is made from: plain data. Digests are lower-case hexadecimal, sizes are bytes, times are
 * `YYYY-MM-DDTHH:MM:SSZ`. Text from exports is hostile and goes into data fields only, never into a file name.
 */

export const EXHIBIT_KINDS = [
  'image',
  'video',
  'audio',
  'document',
  'message',
  'page',
  'screenshot',
  'other',
] as const
export type ExhibitKind = (typeof EXHIBIT_KINDS)[number]

/** Only a `captured` exhibit has digests. The others say why there are none, which is not a sign of tampering. */
export const EXHIBIT_STATES = [
  'captured',
  'not-included',
  'too-large',
  'unavailable',
  'missing',
  'refused',
  'withheld',
  'erased',
] as const
export type ExhibitState = (typeof EXHIBIT_STATES)[number]

export interface FileFacts {
  sizeBytes: number
  sha256: string
  sha512: string
}

/** The file as it lies in the bundle: encrypted to the agency, or, on the agency's written request, as it is. */
export interface EnclosedFile extends FileFacts {
  name: 'original.age' | 'original.bin'
}

/** When the message was sent, as far as the export tells. */
export interface SentAt {
  utc: string | null
  local: string | null
  precision: 's' | 'min' | 'day' | null
}

/** Where an exhibit stood in the capture. */
export interface ExhibitSource {
  collection: string
  platform: string
  placeId: string
  messageId: string | null
  authorId: string | null
  sentAt: SentAt
  isForwarded: boolean
  /** Byte range of the message in the export, and its digest. */
  raw: { file: string; start: number; end: number; sha256: string | null } | null
}

export interface Exhibit {
  /** 32 hexadecimal digits: the exhibit's random id in the records of the log. */
  recordId: string
  kind: ExhibitKind
  state: ExhibitState
  /** `sizeBytes` is null where only the digest is known here. */
  original: { sha256: string; sizeBytes: number | null; mime: string | null } | null
  enclosed: EnclosedFile | null
  source: ExhibitSource | null
  originalName: string | null
  /** How the scan recognised it, in words; null when a person chose it. */
  foundBy: string | null
  /** A role and a pseudonym; who it is, the custodian tells on lawful request. */
  capturedBy: string
  capturedAt: string | null
  receivedAt: string | null
  /** What the witness stated about the device. */
  device: string | null
  /** The message's own bytes, cut out of the export. */
  rawMessage: Uint8Array | null
  /** The message as the export's reader understood it; null where only its place is handed over. */
  message: NeutralMessage | null
  /** Messages around it; null unless they were asked for. */
  context: readonly ContextMessage[] | null
  /** What shows that the scan had sealed this message and file; null where no log holds the capture. */
  item: ProvenItem | null
}

/** A message in the form that is the same for every platform: what `message.json` holds. Names and text are hostile. */
export interface NeutralMessage {
  kind: string
  /** As the export shows it. */
  authorName: string | null
  text: string
  /** What the text says that could name other people is shown by its kind only, such as `[phone]`. */
  isMasked: boolean
  forwardedFrom: string | null
  replyToId: string | null
  editedAt: SentAt | null
  attachments: readonly MessageAttachment[]
}

export interface MessageAttachment {
  kind: string
  state: string
  name: string | null
  sizeBytes: number | null
  mime: string | null
}

/** A neighbour of the exhibit's message. Who others are is not told: they have pseudonyms, their texts are masked. */
export interface ContextMessage {
  /** Messages from the exhibit's to this one: -1 is the one before it. */
  offset: number
  /** `P-001` and so on, the same account always the same; null where the export names none. */
  author: string | null
  /** Written by the account that wrote the exhibit's message. */
  isSameAuthor: boolean
  kind: string
  sentAt: SentAt
  text: string
  /** Kinds only. */
  attachments: readonly string[]
}

/** One item of a sealed collection, with what proves it alone: the log has one record for all items. */
export interface ProvenItem {
  /** Canonical bytes (RFC 8785). */
  item: Uint8Array
  /** 32 bytes, of this item only. */
  salt: Uint8Array
  /** Its place among the leaves of the collection, counted from 0. */
  index: number
  /** Audit path from its leaf to the root (RFC 6962 section 2.1.1), 32 bytes each. */
  path: readonly Uint8Array[]
}

/** A capture of which this bundle discloses a part. Nothing here tells what the other parts are. */
export interface CapturedCollection {
  id: string
  /** 32 hexadecimal digits: the random id of the capture in the records of the log; null when no log holds it. */
  recordId: string | null
  format: string
  /** Digest over the digests of every file that was read. */
  sourceSha256: string
  sourceBytes: number
  filesRead: number
  readAt: string
  statedZone: string | null
  repairCount: number
  gapCount: number
  /** Repairs inside the disclosed messages only. */
  repairs: readonly { code: string; offset: number; before: string; after: string }[]
  /** Digest of the manifest over the scan's report, which stays with the organisation. */
  reportSha256: string | null
}

/** Material that may show a child: where it is, and nothing else. */
export interface WithheldPointer {
  platform: string
  placeId: string
  link: string | null
  messageId: string | null
  sentAt: string | null
  authorId: string | null
  markedBy: string | null
  markedAt: string | null
}

/** A record of the log with all that proves it, as bytes that go into the bundle unchanged. */
export interface ProvenRecord {
  /** Canonical bytes (RFC 8785), without a final line break. */
  record: Uint8Array
  /** 32 bytes. */
  salt: Uint8Array
  /** A `.tlog-proof` file (C2SP tlog-proof) without an `extra` line. */
  proof: string
}

/** Her consent to this hand-over. */
export interface Consent {
  /** Number or date of the written consent; never a name. */
  reference: string
  agency: string
  purpose: string
  expires: string | null
}

export interface TimeStampAuthority {
  /** `[a-z0-9-]{1,32}`; names its files. */
  name: string
  /** PEM. */
  roots: string
  chain: string
}

/** What stands for an organisation that was not named. The contact is a name that ssh-keygen takes, and no address. */
export const UNSTATED_ORGANISATION = { name: 'not stated', contact: 'not-stated' } as const

/** Languages the reports and drafts can be in, as BCP 47 tags. English is always among them: it is the text that counts. */
export const BUNDLE_LANGUAGES = ['en', 'ms', 'zh-Hans', 'ta'] as const
export type BundleLanguage = (typeof BUNDLE_LANGUAGES)[number]

/** The languages of a bundle, English first, each once. */
export function languagesOf({ languages }: Pick<BundleInput, 'languages'>): BundleLanguage[] {
  return BUNDLE_LANGUAGES.filter((language) => language === 'en' || languages.includes(language))
}

export interface BundleInput {
  bagName: string
  organisation: { name: string; contact: string }
  /** Random; tells two bundles of the same name apart. */
  senderIdentifier: string
  /** Beside English. */
  languages: readonly BundleLanguage[]
  /** The only clock in the bundle. */
  builtAt: string
  version: string
  publicKey: Uint8Array
  agency: string | null
  consent: Consent | null
  exhibits: readonly Exhibit[]
  collections: readonly CapturedCollection[]
  withheld: { count: number; items: readonly WithheldPointer[] }
  /** Records of the disclosed exhibits in log order; empty where no log is kept. */
  records: readonly ProvenRecord[]
  /** Policy text (C2SP tlog-policy) with one `log` line; null where no log is kept. */
  policy: string | null
  authorities: readonly TimeStampAuthority[]
}

/** One file of a bag. `bytes` is null when the caller copies the enclosed file itself. */
export interface BagFile extends FileFacts {
  path: string
  bytes: Uint8Array | null
}

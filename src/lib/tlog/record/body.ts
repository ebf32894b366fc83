import type { CanonicalValue } from '../../bytes/index.ts'
import { TlogError } from '../errors.ts'
import * as is from './forms.ts'

type Fields = Readonly<Record<string, is.Form>>

/** The fields of a body; those under `optional` may be left out. Nothing else may be in it. */
interface BodyForm {
  readonly required: Fields
  readonly optional?: Fields
}

const consent: BodyForm = {
  required: { consentSha256: is.sha256Hex, agency: is.label, purpose: is.code },
  optional: { expires: is.dayOrInstant },
}
const referral: BodyForm = { required: { referral: is.id, agency: is.label, status: is.code } }
const notice: BodyForm = { required: { notice: is.id, platform: is.label, clock: is.label } }
const handover: BodyForm = {
  required: { bundle: is.label, agency: is.label, method: is.code, zipAgeSha256: is.sha256Hex },
  optional: { reference: is.label },
}
const entry: BodyForm = { required: { bank: is.label, entry: is.id } }
const hold: BodyForm = { required: { scope: is.label, authority: is.code } }
const match: BodyForm = { required: { match: is.id } }
const policy: BodyForm = { required: { policySha256: is.sha256Hex } }

/** What each type of record says: digests, random ids, counts and codes; never words about a person. */
const BODIES = {
  'log.genesis': {
    required: { policySha256: is.sha256Hex, spec: is.label },
    optional: { previousLog: is.label, previousSize: is.count, previousRoot: is.hashBase64 },
  },
  'report.received': { required: { drop: is.sha256Hex, blobs: is.count } },
  'report.withdrawn': { required: { report: is.id } },
  'case.opened': { required: { case: is.id }, optional: { reason: is.code } },
  'case.closed': { required: { case: is.id, reason: is.code } },
  'case.transferred': { required: { case: is.id, to: is.label }, optional: { reason: is.code } },
  'consent.given': consent,
  'consent.changed': consent,
  'consent.withdrawn': consent,
  'collection.sealed': {
    required: {
      collection: is.id,
      format: is.label,
      sourceSha256: is.sha256Hex,
      sourceBytes: is.count,
      itemsRoot: is.hashBase64,
      itemsPadded: is.powerOfTwo,
      repairs: is.count,
      gaps: is.count,
    },
  },
  'exhibit.preserved': {
    required: {
      exhibit: is.id,
      plainSha256: is.sha256Hex,
      plainBytes: is.count,
      cipherSha256: is.sha256Hex,
      mime: is.label,
    },
    optional: { collection: is.id, item: is.count },
  },
  'exhibit.derived': {
    required: { exhibit: is.id, from: is.id, method: is.code, plainSha256: is.sha256Hex },
  },
  'exhibit.accessed': { required: { exhibit: is.id, reason: is.code } },
  // Never a digest of the content: for suspected child abuse material not even that may be kept.
  'exhibit.withheld': {
    required: { count: is.count, reason: is.oneOf('suspected-child') },
    optional: { pointersSha256: is.sha256Hex },
  },
  'exhibit.erased': {
    required: { exhibit: is.id, what: is.oneOf('salt', 'cipher', 'both'), reason: is.code },
  },
  'fingerprint.registered': entry,
  'fingerprint.withdrawn': entry,
  'sighting.recorded': { required: { sighting: is.id, place: is.id, messageRefSha256: is.sha256Hex } },
  'place.linked': {
    required: { a: is.id, b: is.id, signals: is.listOf(is.code, { min: 1, max: 256 }) },
  },
  'match.confirmed': match,
  'match.rejected': match,
  'referral.sent': referral,
  'referral.answered': referral,
  'referral.revoked': referral,
  'notice.sent': notice,
  'notice.answered': notice,
  'notice.override': {
    required: { notice: is.id, reason: is.oneOf('survivor-choice', 'imminent-harm') },
    optional: { approvedBy: is.keyHex },
  },
  'bundle.built': {
    required: {
      bundle: is.label,
      tagmanifestSha256: is.sha256Hex,
      files: is.count,
      bytes: is.count,
      agency: is.label,
    },
  },
  'handover.made': handover,
  'handover.acknowledged': handover,
  'hold.placed': hold,
  'hold.lifted': hold,
  'breakglass.used': {
    required: {
      case: is.id,
      reason: is.code,
      approvedBy: is.listOf(is.keyHex, { min: 2, max: 2 }),
      until: is.instant,
    },
  },
  'roster.changed': { required: { rosterSha256: is.sha256Hex, version: is.count } },
  'policy.changed': policy,
  'witness.changed': policy,
  'software.released': { required: { manifestSha256: is.sha256Hex, version: is.label } },
  'statistics.published': { required: { releaseSha256: is.sha256Hex, epsilonSpent: is.decimal } },
  pad: { required: {} },
} as const satisfies Record<string, BodyForm>

export type RecordType = keyof typeof BODIES

/** Every type of record that this version knows. */
export const RECORD_TYPES: readonly RecordType[] = Object.keys(BODIES).filter(isRecordType)

/** Types whose opening the log publishes, so that anybody can read them. */
export const PUBLIC_RECORD_TYPES: readonly RecordType[] = [
  'log.genesis',
  'roster.changed',
  'policy.changed',
  'witness.changed',
  'software.released',
  'statistics.published',
]

export function isRecordType(type: string): type is RecordType {
  return Object.hasOwn(BODIES, type)
}

/** Throws `RECORD_TYPE` for a type that is not known and `RECORD_BODY` for a body that is none of its type. */
export function checkBody(
  type: string,
  body: Readonly<Record<string, CanonicalValue>>,
): asserts type is RecordType {
  if (!isRecordType(type)) throw new TlogError('RECORD_TYPE', `${JSON.stringify(type)} is no type of record`)
  const { required, optional = {} }: BodyForm = BODIES[type]
  for (const field of Object.keys(required)) {
    if (!Object.hasOwn(body, field)) throw wrong(type, `lacks ${field}`)
  }
  for (const [field, value] of Object.entries(body)) {
    const form = ownForm(required, field) ?? ownForm(optional, field)
    if (form === undefined) throw wrong(type, `has the unknown field ${JSON.stringify(field)}`)
    if (!form(value)) throw wrong(type, `has a wrong ${field}`)
  }
  checkTogether(type, body)
}

/** Rules over more than one field. */
function checkTogether(type: RecordType, body: Readonly<Record<string, CanonicalValue>>): void {
  if (type === 'notice.override') {
    const isApproved = body['approvedBy'] !== undefined
    // Her own choice needs nobody's approval; acting without it needs a supervisor's.
    if (isApproved !== (body['reason'] === 'imminent-harm')) throw wrong(type, 'has the wrong approval')
  }
  if (type === 'breakglass.used' && Array.isArray(body['approvedBy'])) {
    if (new Set(body['approvedBy']).size !== 2) throw wrong(type, 'was approved by one person twice')
  }
  if (type === 'log.genesis') {
    const previous = ['previousLog', 'previousSize', 'previousRoot'].filter(
      (field) => body[field] !== undefined,
    )
    if (previous.length % 3 !== 0) throw wrong(type, 'names an earlier log in part')
  }
}

function ownForm(fields: Fields, field: string): is.Form | undefined {
  return Object.hasOwn(fields, field) ? fields[field] : undefined
}

function wrong(type: string, what: string): TlogError {
  return new TlogError('RECORD_BODY', `the body of a ${type} record ${what}`)
}

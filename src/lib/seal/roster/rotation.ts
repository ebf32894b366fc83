import { canonicalJson, parseCanonicalJson } from '../../bytes/index.ts'
import { parseNote, type Vkey } from '../../tlog/index.ts'
import { DAY_SECONDS, startOfDay } from './days.ts'
import { day, type Form, hex32, listOf, orgId, shape, whole } from './forms.ts'
import { countSigners, type OrgRoot, orgRoot, ROOT_THRESHOLD, rootInvalid, rootVkeys } from './root.ts'

export const ROOT_TYPE = 'saksi.root/v1'
/** A client follows no longer chain from the root it was built with; newer builds know a newer root. */
export const MAX_ROTATIONS = 8

/** Three new root keys for the three old ones. */
export interface RootRotation {
  readonly org: string
  /** The number of the new root. */
  readonly n: number
  readonly old: readonly string[]
  readonly new: readonly string[]
  readonly iss: string
}

/** The text that two old and two new keys sign. Throws `ROOT_INVALID`. */
export function formatRotationText(rotation: RootRotation): string {
  const text = `${ROOT_TYPE}\n${canonicalJson(rotation) ?? ''}\n`
  parseRotationText(text)
  return text
}

/**
 * The root after the given changes of keys (signed notes, oldest first), each signed by two keys of the root before and two
 * of its own. `nowSeconds` is the time in seconds since 1970; a change of the future, beyond a day, is refused. Throws
 * `ROOT_INVALID`.
 */
export function followRotations(
  from: OrgRoot,
  notes: readonly (Uint8Array | string)[],
  nowSeconds: number,
): OrgRoot {
  if (notes.length > MAX_ROTATIONS) throw rootInvalid('there are more changes of keys than are followed')
  return notes.reduce<OrgRoot>((root, note) => followRotation(root, note, nowSeconds), from)
}

function followRotation(root: OrgRoot, input: Uint8Array | string, nowSeconds: number): OrgRoot {
  const { note, rotation } = readRotation(input)
  if (rotation.org !== root.org) throw rootInvalid('the change of keys is of another organisation')
  if (rotation.n !== root.n + 1) throw rootInvalid('a change of keys is missing, or comes twice')
  if (rotation.old.join() !== root.keys.join()) throw rootInvalid('the change of keys begins with other keys')
  if (startOfDay(rotation.iss) > nowSeconds + DAY_SECONDS)
    throw rootInvalid('the change of keys is of the future')
  const next = orgRoot(root.org, rotation.new, rotation.n)
  // All six at once first: a signature under any of them that does not hold spoils the note.
  const keys = [...rootVkeys(root), ...rootVkeys(next)]
  if (signers(note, keys) < ROOT_THRESHOLD || signers(note, rootVkeys(root)) < ROOT_THRESHOLD)
    throw rootInvalid('fewer than two of the old keys have signed')
  if (signers(note, rootVkeys(next)) < ROOT_THRESHOLD)
    throw rootInvalid('fewer than two of the new keys have signed')
  return next
}

function readRotation(input: Uint8Array | string) {
  try {
    const note = parseNote(input)
    return { note, rotation: parseRotationText(note.text) }
  } catch (cause) {
    throw rootInvalid('a change of keys cannot be read', cause)
  }
}

function signers(note: ReturnType<typeof parseNote>, vkeys: readonly Vkey[]): number {
  try {
    return countSigners(note, vkeys)
  } catch (cause) {
    throw rootInvalid('the signatures of a change of keys do not hold', cause)
  }
}

function parseRotationText(text: string): RootRotation {
  const value = text.startsWith(`${ROOT_TYPE}\n`)
    ? parseCanonicalJson(text.slice(ROOT_TYPE.length + 1, -1))
    : null
  if (!text.endsWith('}\n') || !isRotation(value)) throw rootInvalid('the change of keys is not in its form')
  return value
}

const isRotation: Form<RootRotation> = shape({
  org: orgId,
  n: whole(1),
  old: listOf(hex32, 3, 3),
  new: listOf(hex32, 3, 3),
  iss: day,
})

import type { ExhibitState } from '../../model.ts'

export const STATE_WORDS: Readonly<Record<ExhibitState, string>> = {
  captured: 'captured',
  'not-included': 'named by the message, not part of the capture: the export was made without it',
  'too-large': 'named by the message, not part of the capture: too large for the export',
  unavailable: 'named by the message, not part of the capture: no longer available when it was exported',
  missing: 'named by the message, not part of the capture: no such file',
  refused: 'in the capture, not opened: it was no ordinary file',
  withheld: 'withheld',
  erased: 'erased at the wish of the person concerned',
}

export const PROVES: readonly string[] = [
  'Since it was signed, no file of this bundle was changed, added, removed or renamed.',
  'It was signed with the key whose fingerprint stands above, if that fingerprint is the one on the hand-over form.',
  'Where time stamps and a witnessed log are enclosed: the exhibits and this bundle existed at the times given there, at the latest.',
  'Where a digest is given: a file with the same SHA-256 is the captured file, byte for byte.',
]

export const PROVES_NOT: readonly string[] = [
  'That what an exhibit shows or says is true.',
  'Who is behind an account, or who sent a message: accounts are shared, sold and taken over.',
  'That the export was complete or untouched before it was captured: whoever exports can leave things out.',
  'That the time on a message is right: it is what the platform or the phone wrote.',
  'What a court will make of it. That is for the court.',
]

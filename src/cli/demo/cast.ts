import type { NewColleague } from '#client/index.ts'
import type { DemoPlaceName } from '../generate/index.ts'

/** Who plays. All of them are invented. */
export const ORGANISATION = 'demo.saksi.invalid'

export type MemberName = 'Aina' | 'Devi' | 'Mei' | 'Sara'

export interface Member extends NewColleague {
  readonly name: MemberName
  readonly group: string
}

/** Members of two women's groups that keep one server. */
export const MEMBERS: readonly Member[] = [
  { name: 'Aina', group: 'Green Group', handle: 'aina', role: 'supervisor', langs: ['ms', 'en'] },
  { name: 'Devi', group: 'Green Group', handle: 'devi', role: 'intake', langs: ['ta', 'en'] },
  { name: 'Mei', group: 'Blue Group', handle: 'mei', role: 'intake', langs: ['zh-Hans', 'en'] },
  { name: 'Sara', group: 'Blue Group', handle: 'sara', role: 'intake', langs: ['ms'] },
]

export interface SurvivorPart {
  readonly entry: string
  readonly text: string
  /** Who must not read it. */
  readonly excludes?: MemberName
}

export const SURVIVORS: readonly SurvivorPart[] = [
  { entry: 'S-001', text: 'A colleague told me that my picture is in a group. I have not looked.' },
  { entry: 'S-002', text: 'Seseorang menghantar tangkapan skrin kepada saya. Saya mahu ia dihentikan.' },
  { entry: 'S-003', text: 'I get messages from numbers that I do not know.' },
  { entry: 'S-004', text: 'Sara is his cousin. Please not her.', excludes: 'Sara' },
  { entry: 'S-005', text: '我不知道是谁发的。请帮我。' },
  { entry: 'S-006', text: 'He says that he will post it. I do not know whether he has.' },
]

export const PLACES: readonly DemoPlaceName[] = ['group-export', 'backup-export', 'saved-pictures']

export interface WitnessPart {
  readonly name: string
  readonly place: DemoPlaceName
  readonly has: string
}

/** People who sat in the groups, or came across pictures. */
export const WITNESSES: readonly WitnessPart[] = [
  { name: 'W-1', place: 'group-export', has: 'an export of the group' },
  { name: 'W-2', place: 'backup-export', has: 'an export of its back-up group' },
  { name: 'W-3', place: 'saved-pictures', has: 'a folder of pictures that people sent her' },
]

/** Whose evidence goes to the police in the end. */
export const TO_POLICE = 'S-002'

/** Organisations that co-sign the log of the server, so that nobody can take an entry out unseen. */
export const CO_SIGNERS = ['lawyers.saksi.invalid', 'university.saksi.invalid', 'press.saksi.invalid']

export const AGENCY = 'Cyber Unit (invented)'

import { countingIn } from './counting.ts'
import { ENGLISH_COPY, ENGLISH_COVERAGE } from './en-copy.ts'
import type { ReportTexts } from './report-texts.ts'

const { number, counted } = countingIn('en')

export const ENGLISH: ReportTexts = {
  language: 'en',
  listSeparator: ', ',
  clauseSeparator: '; ',
  number,
  title: 'Saksi scan report',
  found: (entries, postings) =>
    `${counted(postings, {
      one: '# posting in this export shows a registered picture',
      other: '# postings in this export show a registered picture',
    })}, from ${counted(entries, { one: '# entry', other: '# entries' })} of the bank.`,
  foundNothing:
    'No registered picture was found in this export. That does not mean none is there: see what this scan cannot find.',
  notAVerdict:
    'A match is a likeness between fingerprints, for a person to confirm. It says nothing about who is to blame.',
  matchesHeading: 'Matches',
  distanceExplained:
    'Difference: 0 means that the fingerprints are the same; 31 of 256 bits is the most that still counts as a match. Where several places agree, the best of them is given.',
  entry: 'Entry',
  when: 'When (UTC)',
  where: 'Group or chat',
  postedBy: 'Posted by account',
  message: 'Message',
  kindOfCopy: 'Kind of copy',
  distance: 'Difference',
  alongside: 'Posted with it, or up to three messages away',
  unknownTime: 'not known',
  forwarded: 'forwarded',
  namedTwice: 'named by several messages, so the sender is not certain',
  sameLook: 'saved again, resized or a little changed',
  mirrored: 'mirrored',
  turned: (degrees) => `turned ${degrees}°`,
  withBorder: 'border added',
  copy: ENGLISH_COPY,
  moreInReport: (count) => `… ${number(count)} more in report.json`,
  notFoundHeading: 'What this scan finds, and what it does not',
  uncheckedHeading: 'What could not be compared',
  unchecked: {
    notInExport: (count) =>
      `${counted(count, { one: '# picture is', other: '# pictures are' })} named in the export but not in it. Export again with photos to compare them.`,
    unreadable: (count) =>
      `${counted(count, { one: '# picture file', other: '# picture files' })} could not be read: damaged, cut off, or of an unknown kind.`,
    tooPlain: (count) =>
      `${counted(count, { one: '# picture has', other: '# pictures have' })} too few details to be recognised by look. Only an exact copy of a registered file would have been found.`,
    partlyRead: (count) =>
      `${counted(count, { one: '# picture is', other: '# pictures are' })} damaged. What was left was compared, so a copy may have been missed.`,
    gaps: (count) =>
      `${counted(count, { one: '# part', other: '# parts' })} of the export could not be read. Pictures of those messages were compared, but without sender and time.`,
    withheld: (count) =>
      `${counted(count, { one: '# picture was', other: '# pictures were' })} marked as suspected child abuse material and not opened. Report the message to the police or the national hotline; do not copy it.`,
    none: 'Every picture in the export was compared.',
  },
  coverage: ENGLISH_COVERAGE,
  identifiersHeading: 'Phone numbers, accounts and links in the export',
  identifiersExplained: 'Shown masked. The full text stands in the export, in the messages named.',
  kind: 'Kind',
  identifierKinds: {
    phone: 'phone number',
    mykad: 'MyKad number',
    handle: 'account name',
    email: 'e-mail address',
    url: 'link',
    address: 'home address',
    'bank-card': 'bank card number',
  },
  masked: 'Masked',
  times: 'Times',
  messages: 'Messages',
  notListed: (count) =>
    `${counted(count, { one: '# further mention is', other: '# further mentions are' })} not listed: there are too many different ones.`,
  none: 'None.',
  placesHeading: 'Groups and chats',
  placeKinds: {
    group: 'group',
    supergroup: 'large group',
    channel: 'channel',
    dm: 'private chat',
    page: 'page',
    thread: 'thread',
    unknown: 'not known',
  },
  placeTitles: 'Name',
  readHeading: 'What was read',
  readFacts: ({ messages, pictures, files, repairs, gaps }) =>
    `${counted(messages, { one: '# message', other: '# messages' })}, ${counted(pictures, { one: '# picture', other: '# pictures' })} compared, ${counted(files, { one: '# file', other: '# files' })} read; ${counted(repairs, { one: '# repair', other: '# repairs' })} of broken bytes, ${counted(gaps, { one: '# gap', other: '# gaps' })}. Each repair and gap is listed in report.json with its place.`,
  checkHeading: 'How a second person can check this',
  checkSteps: [
    'In the folder of this report: `sha256sum -c manifest-sha256.txt` — says whether the report is unchanged.',
    'In the folder of the export: `sha256sum -c` with the path of `export-sha256.txt` — says whether the export is the one that was read.',
    'In `report.json` each match has `raw.file`, `raw.start` and `raw.end`: `tail -c +$((start + 1)) FILE | head -c $((end - start))` shows exactly the message, and its SHA-256 is there too.',
    'Running the same scan again with the same bank gives the same matches.',
  ],
  digestOfExport: 'SHA-256 of `export-sha256.txt`',
  digestOfBank: 'SHA-256 of the bank file',
  loggedIn: ({ origin, record, mergeBy }) =>
    `This scan is entered in the custody log ${origin} as record ${record}. The log has promised to show it by ${mergeBy} (UTC); from then on it can be proven that this export was read before then.`,
  mode: { exact: 'every pixel read', fast: 'large pictures reduced while reading' },
  scanning: 'Scanning',
  pictures: (count) => counted(count, { one: '# picture', other: '# pictures' }),
  emptyBank: 'This bank has no entry that can match, so nothing could be found.',
  nothingWritten: 'Nothing was written. Add --out FOLDER to keep a report that a second person can check.',
  reportAt: (path) => `Report: ${path}`,
}

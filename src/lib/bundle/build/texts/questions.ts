/** What a defence lawyer asks about such a bundle, and what can honestly be answered. */
export const QUESTIONS: readonly { question: string; answer: string }[] = [
  {
    question: 'How do we know that nobody changed the exhibits after they were captured?',
    answer:
      'Every exhibit has a SHA-256 digest. The digest stands in exhibit.json and, where a log was kept, in a record whose salted commitment is an entry of an append-only log that independent witnesses signed. A file with one changed bit has another digest. Anybody can repeat the check with VERIFY.txt.',
  },
  {
    question: 'Could the organisation have made all this up on the day it was handed over?',
    answer:
      'Not with an earlier date, where time stamps and a witnessed log are enclosed: their signers do not belong to the organisation and state a time. Without them the organisation could have, and the first section of the report says that they are missing.',
  },
  {
    question: 'Could an exhibit have been changed before it was captured?',
    answer:
      'Yes. The bundle starts at the capture. What happened on the phone, in the group or at the platform before that must be shown by other means, for example by records of the platform.',
  },
  {
    question: 'Who sent the message?',
    answer:
      'The bundle names the account id that the export gives. It does not say who used the account. Telephone, platform and network records are needed for that.',
  },
  {
    question: 'Is the time of the message right?',
    answer:
      'It is the time the export gives, with its precision. Where the export names no time zone, the report says so and no time in UTC is given unless the witness stated a zone.',
  },
  {
    question: 'Is this everything there was?',
    answer:
      'No. It is a selection for one recipient, so that nobody else in the same chat is exposed. Gaps and repairs met while reading the export are counted in section 5. Files that a message names but the export does not have are listed as "not part of the capture".',
  },
  {
    question: 'Why is the picture itself not shown in the report?',
    answer:
      'So that nobody has to see it who does not need to. Where it is enclosed it is encrypted to the recipient, and exhibit.json has its digest before and after encryption.',
  },
  {
    question: 'Who found the pictures, and did a person look at them?',
    answer:
      'A program compared fingerprints of pictures. A match means that two pictures are the same or nearly the same; it is no opinion about what they show. The report says which rule decided.',
  },
  {
    question: 'Who is the witness?',
    answer:
      'The bundle has a role and a pseudonym. The custodian named in the report holds the identity and gives it when the law requires it.',
  },
  {
    question: 'Could the custodian have left out a custody record?',
    answer:
      'The records of an exhibit are numbered from 0 and each names the one before it, so that none can be taken out between two others. A last record that nobody disclosed would not be noticed from the bundle alone.',
  },
  {
    question: 'What if the signing key was stolen?',
    answer:
      'Then somebody else could have signed. Compare the fingerprint with the hand-over form. The time stamps and the log were made by others with other keys, so that a thief could sign something new but not something old.',
  },
  {
    question: 'Is SHA-256 good enough? Is Ed25519?',
    answer:
      'No way is known to make a second file with the same SHA-256, nor to sign with Ed25519 without the key. SHA-512 digests of every file are enclosed as well, in case one of the two is ever doubted.',
  },
  {
    question: 'Does the program that made this work correctly?',
    answer:
      'Its source is public and versioned, and it is tested with known cases. The checks do not depend on it: sha256sum, openssl and ssh-keygen were made by others.',
  },
  {
    question: 'Was the person concerned asked?',
    answer:
      'The first section of the report names the reference of the consent, or says that none is recorded here.',
  },
]

export function questionsText(bagName: string): string {
  const parts = QUESTIONS.map(({ question, answer }, i) => `${i + 1}. ${question}\n\n${wrap(answer)}\n`)
  return `Questions to expect about evidence bundle ${bagName}\n\nThis is no legal advice. Each answer says what the files can show and what they cannot.\n\n${parts.join('\n')}`
}

/** Lines of at most 78 characters, indented. */
export function wrap(content: string, indent = '   '): string {
  const lines: string[] = []
  let line = indent
  for (const word of content.split(' ')) {
    if (line.length + word.length > 78 && line !== indent) {
      lines.push(line.trimEnd())
      line = indent
    }
    line += `${word} `
  }
  return [...lines, line.trimEnd()].join('\n')
}

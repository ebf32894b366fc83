import { TlogError, type TlogErrorCode } from '#lib/tlog/index.ts'

const NOT_A_PROOF = 'This is not what it should be, or a part of it is damaged: it cannot be read.'
const FORGED = 'A signature in it is wrong: it was changed or forged.'

/** Which step of a check failed, for people who do not know how a log works. */
const WORDS: Partial<Record<TlogErrorCode, string>> = {
  PROOF_MALFORMED: NOT_A_PROOF,
  NOTE_MALFORMED: NOT_A_PROOF,
  CHECKPOINT_MALFORMED: NOT_A_PROOF,
  RECEIPT_MALFORMED: NOT_A_PROOF,
  OPENING_MALFORMED:
    'It does not say which record it is about. Give the commitment from the interim receipt: --commitment.',
  OPENING_MISMATCH: 'It is about another record than the one asked for.',
  NOTE_SIGNATURE: FORGED,
  NOTE_UNVERIFIED:
    'None of the keys you trust has signed it. It is from another log, or forged, or the policy is an old one.',
  PROOF_LOG: 'It is from another log.',
  RECORD_LOG: 'The record in it was made for another log.',
  PROOF_QUORUM:
    'The log has signed it, but too few independent witnesses have seen it. Ask for a newer proof; keep this one.',
  INCLUSION_INVALID:
    'The signed log does not contain this record. If the file is as you got it, somebody has lied.',
  TREE_RANGE: 'The signed log does not contain this record. If the file is as you got it, somebody has lied.',
  RECEIPT_MISMATCH: 'The receipt is genuine in itself, but for something else than the commitment given.',
}

/** Does the work; what the library refuses gets words that say what that means, under the same code. */
export function inPlainWords<Value>(work: () => Value): Value {
  try {
    return work()
  } catch (error) {
    const words = error instanceof TlogError ? WORDS[error.code] : undefined
    if (!(error instanceof TlogError) || words === undefined) throw error
    throw new TlogError(error.code, `${words} The file was left as it is: keep it.`, { cause: error })
  }
}

import { CUSTODY } from './custody.ts'
import { END } from './end.ts'
import { FILES } from './files.ts'
import { LOG_KEYS } from './log-keys.ts'
import { LOG_PROOFS } from './log-proofs.ts'
import { SIGNATURE } from './signature.ts'
import { START } from './start.ts'
import { TIME_STAMPS } from './time-stamps.ts'

/** `VERIFY.sh`: the same in every bundle of a release, so that its digest can be published. */
export const VERIFY_SCRIPT: string = [
  START,
  FILES,
  SIGNATURE,
  TIME_STAMPS,
  LOG_KEYS,
  LOG_PROOFS,
  CUSTODY,
  END,
].join('')

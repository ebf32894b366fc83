/** What the process answers with. Documented in the README and in `saksi --help`. */
export const EXIT = {
  done: 0,
  /** Finished, and some inputs could not be read; each is named in the output. */
  partial: 1,
  usage: 2,
  /** An input or output could not be used at all; nothing was written. */
  refused: 3,
  internal: 70,
  interrupted: 130,
} as const

/**
 * The one error class of Saksi. `code` is what programs switch on and what tests assert; `message` is for people and
 * says what happened, what is safe and what to do. Each capability has its own closed union of codes.
 */
export class AppError<Code extends string = string> extends Error {
  readonly code: Code

  constructor(code: Code, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = new.target.name
    this.code = code
  }
}

export const IDENTIFIER_KINDS = ['phone', 'mykad', 'handle', 'email', 'url', 'address', 'bank-card'] as const

export type IdentifierKind = (typeof IDENTIFIER_KINDS)[number]

/**
 * `sure`: valid by its own rules, or marked so by the application. `likely`: a cue word stands by it. `possible`: fits
 * the form; a person decides. `obfuscated`: readable only after look-alike letters were turned into digits.
 */
export type Confidence = 'sure' | 'likely' | 'possible' | 'obfuscated'

export interface Identifier {
  kind: IdentifierKind
  /** Where it was: the text, a shared contact, a link that the text does not show, or a poll, place or button. */
  where: 'text' | 'contact' | 'hidden' | 'other'
  /** UTF-16 offsets into the message text as it was; -1 and -1 when it does not stand in the text. */
  start: number
  end: number
  /**
   * For matching on this device only, never to be shown, stored or sent: E.164 for phones, digits for MyKad and bank
   * cards, lower case without `@` for handles, lower case for e-mail and addresses, the link's target for URLs.
   */
  value: string
  /** The only form that may be shown or stored. */
  masked: string
  confidence: Confidence
}

/** What reached the verifier another way than the bundle. */
export interface VerifyOptions {
  /** `SHA256:...` of the hand-over form. */
  fingerprint: string | null
  /** Accept a log whose policy asks for no witness. */
  allowsNoWitness: boolean
}

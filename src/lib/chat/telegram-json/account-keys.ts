const PEER_FORM = /^(user|channel|chat)(\d{1,20})$/
const MOST_KEPT = 100_000

/** Account and place keys made of peer ids; each is made once, as the same few ids come again and again. */
export class AccountKeys {
  readonly #keys = new Map<unknown, string>()

  /** `user7` gives `tg:user:7`; another string or number (old exports) gives `tg:id:…`; anything else null. */
  keyOf(peer: unknown): string | null {
    if (typeof peer !== 'string' && typeof peer !== 'number') return null
    const known = this.#keys.get(peer)
    if (known !== undefined) return known
    const key = peerKey(String(peer))
    if (this.#keys.size === MOST_KEPT) this.#keys.clear()
    this.#keys.set(peer, key)
    return key
  }
}

function peerKey(peer: string): string {
  const match = PEER_FORM.exec(peer)
  return match ? `tg:${match[1]}:${match[2]}` : `tg:id:${peer}`
}

/** Something that nobody who robs the server may find. */
export type Secret =
  | { readonly name: string; readonly text: string }
  /** A digest, print or key. */
  | { readonly name: string; readonly bytes: Uint8Array }

/** A form in which a secret would be found, and of which secret it is. */
export interface Needle {
  readonly bytes: Buffer
  /** `<name> as <form>` */
  readonly what: string
}

/** Shorter ones are found by chance in as many bytes. */
const MIN_BYTES = 6

/**
 * Every form in which a secret is looked for: a text as UTF-8 and UTF-16 in both orders, as written and in small and capital
 * letters; every one of these, and bytes, as hexadecimal in both cases and as base64 of both alphabets in all three alignments.
 */
export function needlesOf(secret: Secret): Needle[] {
  const found = new Map<string, Needle>()
  for (const [form, raw] of rawForms(secret)) {
    for (const [encoding, bytes] of encodings(raw)) {
      const key = bytes.toString('latin1')
      if (bytes.length < MIN_BYTES || found.has(key)) continue
      found.set(key, { bytes, what: `${secret.name} as ${encoding}${form}` })
    }
  }
  return [...found.values()]
}

function rawForms(secret: Secret): [string, Buffer][] {
  if ('bytes' in secret) return [['bytes', Buffer.from(secret.bytes)]]
  const { text } = secret
  return [...new Set([text, text.toLowerCase(), text.toUpperCase()])].flatMap((form): [string, Buffer][] => {
    const wide = Buffer.from(form, 'utf16le')
    return [
      ['UTF-8', Buffer.from(form, 'utf8')],
      ['UTF-16LE', wide],
      ['UTF-16BE', Buffer.from(wide).swap16()],
    ]
  })
}

function encodings(raw: Buffer): [string, Buffer][] {
  const hex = raw.toString('hex')
  const found: [string, string][] = [
    ['hexadecimal of ', hex],
    ['hexadecimal of ', hex.toUpperCase()],
  ]
  for (const alignment of [0, 1, 2]) {
    const text = base64Inside(raw, alignment)
    found.push(['base64 of ', text], ['base64url of ', text.replaceAll('+', '-').replaceAll('/', '_')])
  }
  return [['', raw], ...found.map(([name, text]): [string, Buffer] => [name, Buffer.from(text, 'latin1')])]
}

/** The characters that depend on these bytes alone when they stand in a longer whole, so many bytes after a multiple of three. */
function base64Inside(raw: Buffer, alignment: number): string {
  const text = Buffer.concat([Buffer.alloc(alignment), raw]).toString('base64')
  const bits = (alignment + raw.length) * 8
  return text.slice(Math.ceil((alignment * 8) / 6), Math.floor(bits / 6))
}

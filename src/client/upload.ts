import { sha256 } from '@noble/hashes/sha2.js'
import { partCount } from '#contract/sizes.ts'
import { bytesToHex, hexToBytes } from '#lib/bytes/index.ts'
import type { Client } from './client.ts'

/**
 * Sends the parts of a sealed file that the server does not have yet, and finishes. After a dropped line it is simply
 * called again. `part(n)` gives part `n`: 1 MiB, the last one shorter. Throws `CallError`.
 */
export async function sendParts(
  client: Client,
  upload: string,
  sizeBytes: number,
  part: (n: number) => Promise<Uint8Array>,
): Promise<void> {
  const received = hexToBytes((await client.blobs.status({ upload })).received)
  for (let n = 0; n < partCount(sizeBytes); n++) {
    if (((received?.[Math.floor(n / 8)] ?? 0) >> (n % 8)) & 1) continue
    const bytes = await part(n)
    await client.blobs.put({
      headers: {
        'x-saksi-upload': upload,
        'x-saksi-part': String(n),
        'x-saksi-sha256': bytesToHex(sha256(bytes)),
      },
      bytes,
    })
  }
  await client.blobs.finish({ upload })
}

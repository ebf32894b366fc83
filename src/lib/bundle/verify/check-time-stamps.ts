import { utf8ToText } from '../../bytes/index.ts'
import { PATHS } from '../format/paths.ts'
import type { BagReader } from './bag-reader.ts'
import type { FoundFiles } from './check-files.ts'
import type { CheckList } from './check-list.ts'
import { verifyTimeStamp } from './time-stamp.ts'

const MOST_BYTES = 1024 * 1024

export interface StampedAt {
  authority: string
  atMs: number
}

/** Every time stamp the seal promises, against the roots that come with the bundle. */
export async function checkTimeStamps(
  reader: BagReader,
  list: CheckList,
  { sealExpected }: FoundFiles,
): Promise<StampedAt[]> {
  const stamped: StampedAt[] = []
  for (const path of sealExpected) {
    const [, authority] = /^seal\/([a-z0-9-]{1,32})\.tsr$/.exec(path) ?? []
    if (authority === undefined) continue
    await list.check(
      `time-stamp.${authority}`,
      `The time stamp of ${authority} is over this manifest and leads to a root of its own.`,
      async () => {
        const text = async (name: string) => utf8ToText(await reader.read(name, MOST_BYTES)) ?? ''
        const { atMs } = await verifyTimeStamp({
          data: await reader.read(PATHS.tagManifest.sha256, 64 * MOST_BYTES),
          query: await reader.read(`seal/${authority}.tsq`, MOST_BYTES),
          reply: await reader.read(path, MOST_BYTES),
          roots: await text(`trust/tsa/${authority}.roots.pem`),
          chain: await text(`trust/tsa/${authority}.chain.pem`),
        })
        stamped.push({ authority, atMs })
        return null
      },
    )
  }
  return stamped
}

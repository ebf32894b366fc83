import { build } from 'vite'

/** Tests drive the program people get, so it is built before the first of them runs. */
export async function setup(): Promise<void> {
  await build({ logLevel: 'warn' })
}

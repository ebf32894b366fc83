import { text as readText } from 'node:stream/consumers'
import { AppError } from '#lib/errors/index.ts'

/** Throws `USAGE`. */
export function wholeNumber(option: string, text: string): number {
  if (!/^[0-9]{1,9}$/.test(text)) throw new AppError('USAGE', `${option} takes a whole number.`)
  return Number(text)
}

/** `127.0.0.1:8080` or `[::1]:8080` as host and port. Throws `USAGE`. */
export function listenAddress(text: string): { host: string; port: number } {
  const [, host = '', port = ''] = /^(\[[0-9a-fA-F:.]+\]|[^:[\]]+):([0-9]{1,5})$/.exec(text) ?? []
  if (host === '' || Number(port) > 65535) {
    throw new AppError('USAGE', '--listen takes an address and a port, such as 127.0.0.1:8080.')
  }
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) }
}

/** Standard input as a whole. */
export async function readStandardInput(): Promise<Buffer> {
  return Buffer.from(await readText(process.stdin))
}

import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Listens and gives the address as a URL. */
export async function listen(server: Server, host: string, port: number): Promise<string> {
  server.listen(port, host)
  await once(server, 'listening')
  const address = server.address() as AddressInfo // A server that listens on a port has an address of this form.
  return `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`
}

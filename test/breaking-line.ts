import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A line to a server that can break. */
export interface BreakingLine {
  readonly url: string
  /** Requests that have reached the server, by path. */
  readonly passed: readonly string[]
  /** From now on what `isBroken` names does not get through. */
  break(isBroken: (path: string) => boolean, side?: 'request' | 'answer'): void
  close(): Promise<void>
}

/**
 * Hands requests on to `target`. A broken one is cut off: before it reaches the server, or after the server has done what it
 * asks for, so that only the answer is lost.
 */
export async function openLine(target: string): Promise<BreakingLine> {
  const passed: string[] = []
  let isBroken: (path: string) => boolean = () => false
  let side: 'request' | 'answer' = 'request'
  const line = createServer((incoming, outgoing) => {
    const path = incoming.url ?? ''
    const breaks = isBroken(path)
    if (breaks && side === 'request') {
      incoming.socket.destroy()
      return
    }
    passed.push(path)
    forward(target, incoming, outgoing, breaks)
  })
  line.listen(0, '127.0.0.1')
  await once(line, 'listening')
  // Listening on a port, it has an address of this form.
  const { port } = line.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    passed,
    break: (which, where = 'request') => {
      isBroken = which
      side = where
    },
    close: async () => {
      line.closeAllConnections()
      line.close()
      await once(line, 'close')
    },
  }
}

function forward(target: string, incoming: IncomingMessage, outgoing: ServerResponse, loses: boolean): void {
  const { method, headers, url } = incoming
  const onwards = request(new URL(url ?? '', target), { method, headers }, (answer) => {
    if (loses) {
      answer.resume()
      answer.on('end', () => incoming.socket.destroy())
      return
    }
    outgoing.writeHead(answer.statusCode ?? 500, answer.headers)
    answer.pipe(outgoing)
  })
  onwards.on('error', () => incoming.socket.destroy())
  incoming.pipe(onwards)
}

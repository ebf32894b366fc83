/**
 * Sends a request, and decides whether it is sent again when no answer came or the server was busy. Everything that is sent
 * with it is kept once, however often it arrives.
 */
export type Persist = <Result>(send: () => Promise<Result>) => Promise<Result>

export const once: Persist = (send) => send()

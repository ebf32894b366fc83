import { API, type Api } from '#contract/api.ts'
import type { Input, Operation, Output } from '#contract/operation.ts'
import { type Call, type ClientOptions, createCall } from './call.ts'

type Callable<Of extends Operation> =
  Input<Of> extends null ? () => Promise<Output<Of>> : (input: Input<Of>) => Promise<Output<Of>>

/** `client.<capability>.<verb>(input)`, for every operation of the contract. */
export type Client = {
  readonly [Capability in keyof Api]: {
    readonly [Verb in keyof Api[Capability]]: Api[Capability][Verb] extends Operation
      ? Callable<Api[Capability][Verb]>
      : never
  }
}

/** The typed client of the API, for browsers and Node alike. See `createCall` for what it throws. */
export function createClient(options: ClientOptions): Client {
  const call: Call = createCall(options)
  const bound = Object.entries(API).map(([capability, operations]) => [
    capability,
    Object.fromEntries(
      Object.entries(operations).map(([verb, operation]) => [
        verb,
        (input: unknown) => call(operation as Operation, (input ?? null) as Input<Operation>),
      ]),
    ),
  ])
  // Made by walking over the same table as the type.
  return Object.fromEntries(bound) as Client
}

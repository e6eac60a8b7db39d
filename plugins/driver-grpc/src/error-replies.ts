import type { Explanation } from '@cloudbench/driver-kit'
import type { GrpcTarget } from './target.ts'
import { status, statusNames } from './wire/status.ts'

/** How a call that looks at the server ended: its code, and what the server said about it. */
export interface Reply {
  readonly code: number
  readonly details: string
}

type Teller = (shown: string, said: string) => Explanation

/** What a status means for a run whose calls would meet it too. `undefined` for those that the driver has nothing to say about. */
export function explainStatus({ code, details }: Reply, { shown }: GrpcTarget): Explanation | undefined {
  if (/HTTP status code/.test(details)) return notGrpc(shown, details)
  if (/larger than max/.test(details)) return tooLarge(shown, details)
  return tellers[code]?.(shown, saidOf({ code, details }))
}

/** The status by its name, with what the server said. */
export function saidOf({ code, details }: Reply): string {
  const name = statusNames[code] ?? String(code)
  return details === '' ? name : `${name}: ${details}`
}

const badCredentials: Teller = (shown, said) => [
  `${shown} rejected the credentials (${said})`,
  'credentials it accepts, as metadata or as a client certificate',
  "set metadata: { authorization: 'Bearer ${env:TOKEN}' } with a valid token",
]
const notGrpc: Teller = (shown, details) => [
  `${shown} speaks HTTP/2 but not gRPC: ${details}`,
  `a gRPC server on ${shown}`,
  "check the host and port of the target's url",
]
const tooLarge: Teller = (shown, details) => [
  `an answer of ${shown} is larger than the driver accepts: ${details}`,
  'answers of at most maxMessageBytes',
  'raise the option maxMessageBytes',
]

const tellers: Readonly<Record<number, Teller>> = {
  [status.unauthenticated]: badCredentials,
  [status.permissionDenied]: badCredentials,
  [status.deadlineExceeded]: (shown) => [
    `${shown} accepts connections but never answers`,
    `a gRPC server on ${shown}`,
    'check whether it is overloaded, or raise connectTimeoutMs',
  ],
  [status.resourceExhausted]: (shown, said) => [
    `${shown} takes no more calls (${said})`,
    'a server with room for the load, and a quota for this client',
    'wait until it has room, raise the limit or the quota there, or configure fewer connections',
  ],
  [status.unavailable]: (shown, said) => [
    `${shown} is not available (${said})`,
    'a server that takes calls',
    'check what is behind it, and try again',
  ],
}

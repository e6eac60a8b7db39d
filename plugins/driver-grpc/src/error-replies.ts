import type { Explanation } from '@cloudbench/driver-kit'
import type { GrpcTarget } from './target.ts'
import { status, statusNames } from './wire/status.ts'

/** How a call that looks at the server ended: its code, and what the server said about it. */
export interface Reply {
  readonly code: number
  readonly details: string
}

type Teller = (authority: string, said: string) => Explanation

/** What a status means for a run whose calls would meet it too. `undefined` for those that the driver has nothing to say about. */
export function explainStatus({ code, details }: Reply, { authority }: GrpcTarget): Explanation | undefined {
  if (/HTTP status code/.test(details)) return notGrpc(authority, details)
  if (/larger than max/.test(details)) return tooLarge(authority, details)
  return tellers[code]?.(authority, saidOf({ code, details }))
}

/** The status by its name, with what the server said. */
export function saidOf({ code, details }: Reply): string {
  const name = statusNames[code] ?? String(code)
  return details === '' ? name : `${name}: ${details}`
}

const badCredentials: Teller = (authority, said) => [
  `${authority} rejected the credentials (${said})`,
  'credentials it accepts, as metadata or as a client certificate',
  "set metadata: { authorization: 'Bearer ${env:TOKEN}' } with a valid token",
]
const notGrpc: Teller = (authority, details) => [
  `${authority} speaks HTTP/2 but not gRPC: ${details}`,
  `a gRPC server on ${authority}`,
  "check the host and port of the target's url",
]
const tooLarge: Teller = (authority, details) => [
  `an answer of ${authority} is larger than the driver accepts: ${details}`,
  'answers of at most maxMessageBytes',
  'raise the option maxMessageBytes',
]

const tellers: Readonly<Record<number, Teller>> = {
  [status.unauthenticated]: badCredentials,
  [status.permissionDenied]: badCredentials,
  [status.deadlineExceeded]: (authority) => [
    `${authority} accepts connections but never answers`,
    `a gRPC server on ${authority}`,
    'check whether it is overloaded, or raise connectTimeoutMs',
  ],
  [status.resourceExhausted]: (authority, said) => [
    `${authority} takes no more calls (${said})`,
    'a server with room for the load, and a quota for this client',
    'wait until it has room, raise the limit or the quota there, or configure fewer connections',
  ],
  [status.unavailable]: (authority, said) => [
    `${authority} is not available (${said})`,
    'a server that takes calls',
    'check what is behind it, and try again',
  ],
}

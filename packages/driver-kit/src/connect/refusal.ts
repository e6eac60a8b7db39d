import { CloudbenchError, messageOf } from '@cloudbench/core'

/** What a driver knows of a target that it could not connect to. Nothing of it may hold a secret. */
export interface NetworkTarget {
  /** Host and port, such as `10.0.0.4:6379`. */
  readonly where: string
  readonly hostname: string
  /** What should be there, such as `a Redis server on 10.0.0.4:6379`. */
  readonly server: string
  /** The scheme without TLS, such as `redis://`. */
  readonly plainScheme: string
  /** What says where it is. @default the target's url */
  readonly setting?: string
}

const url = "the target's url"

/** The parts of an error that a user can act on. */
export type Explanation = readonly [what: string, expected: string, next: string]

/**
 * Says why a target cannot be used, and what to do about it. What the network or TLS did means the same on every
 * protocol; a driver explains the rest.
 * @param explain `undefined` for what the driver has nothing to say about.
 */
export function connectRefusal(
  error: unknown,
  target: NetworkTarget,
  explain: (message: string, code: string) => Explanation | undefined,
): CloudbenchError {
  if (error instanceof CloudbenchError) return error
  const message = messageOf(error)
  const { code: given } = (error ?? {}) as { readonly code?: unknown }
  const code = typeof given === 'string' ? given : ''
  const ofNetwork = Object.hasOwn(texts, code) ? texts[code] : textsOfFamily(code)
  const [what, expected, next] =
    ofNetwork?.(target, message, code, error) ?? explain(message, code) ?? unexplained(target, message, code)
  return new CloudbenchError({ code: 'CB_CONNECT', what, expected, next, cause: error })
}

function unexplained(
  { where, server, setting = url }: NetworkTarget,
  message: string,
  code: string,
): Explanation {
  const suffix = code === '' || message.includes(code) ? '' : ` (${code})`
  return [`no connection to ${where}: ${message}${suffix}`, server, `check ${setting}`]
}

type Teller = (target: NetworkTarget, message: string, code: string, error: unknown) => Explanation

const noName: Teller = ({ hostname, setting = url }, _, code) => [
  `the name ${hostname} does not resolve (${code})`,
  'a name that DNS or /etc/hosts knows',
  `correct ${setting}`,
]
const noRoute: Teller = ({ where, server, setting = url }, _, code) => [
  `there is no route to ${where} (${code})`,
  server,
  `check the network, or correct ${setting}`,
]
const noDescriptor: Teller = ({ where }, _, code) => [
  `this machine has no file descriptor left for a connection to ${where} (${code})`,
  'a limit above the number of connections',
  'raise it (`ulimit -n 65535`), or use fewer connections',
]
const notValidNow: Teller = ({ where }, _, code) => [
  `the certificate of ${where} is not valid now (${code})`,
  'a certificate that is valid today',
  'renew it, or correct the clock of this machine',
]
const notTrusted: Teller = ({ where }, message, code) => [
  `the certificate of ${where} is not trusted: ${message} (${code})`,
  'a certificate signed by an authority that this machine trusts',
  'set tls.ca to the certificate of the authority that signed it',
]
/** Node says which name it verified, which is not that of the url where tls.servername is set. */
const otherName: Teller = ({ where, hostname }, message, _, error) => {
  const { host = hostname, cert } = error as {
    readonly host?: string
    readonly cert?: { readonly subjectaltname?: string }
  }
  const names = cert?.subjectaltname ?? message
  return [
    `the certificate of ${where} is for another name than ${host}: ${names}`,
    `a certificate for ${host}`,
    'set tls.servername to a name in the certificate',
  ]
}
const notTls: Teller = ({ where, server, plainScheme }) => [
  `${where} does not speak TLS`,
  server,
  `let the target's url begin with ${plainScheme}`,
]

const texts: Readonly<Record<string, Teller>> = {
  ECONNREFUSED: ({ where, server, setting = url }) => [
    `nothing listens on ${where}`,
    server,
    `start it, or correct ${setting}`,
  ],
  ENOTFOUND: noName,
  EAI_AGAIN: noName,
  EHOSTUNREACH: noRoute,
  ENETUNREACH: noRoute,
  ETIMEDOUT: ({ where, server }, message) => [
    `${where} does not answer: ${message}`,
    server,
    'check address and firewall, or raise connectTimeoutMs',
  ],
  EMFILE: noDescriptor,
  ENFILE: noDescriptor,
  EADDRNOTAVAIL: ({ where }, _, code) => [
    `this machine has no local port left for a connection to ${where} (${code})`,
    'fewer connections than ports',
    'use fewer connections, or widen net.ipv4.ip_local_port_range',
  ],
  ERR_TLS_CERT_ALTNAME_INVALID: otherName,
  CERT_HAS_EXPIRED: notValidNow,
  CERT_NOT_YET_VALID: notValidNow,
  ERR_SSL_WRONG_VERSION_NUMBER: notTls,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: notTls,
}

function textsOfFamily(code: string): Teller | undefined {
  return /^(DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|CERT_)/.test(code) ? notTrusted : undefined
}

import { CloudbenchError, messageOf } from '@cloudbench/core'
import { networkRefusal } from '@cloudbench/driver-kit'
import { formatAddress, type Address } from './target.ts'

interface AccessKind {
  readonly tls: unknown
  readonly sasl: unknown
}

/** Says why a broker cannot be used, and what to do about it. */
export function connectError(error: unknown, address: Address, { tls, sasl }: AccessKind): CloudbenchError {
  if (error instanceof CloudbenchError) return error
  const where = formatAddress(address)
  const { inner, code, text } = innermost(error)
  const server = `a Kafka broker${tls === undefined ? '' : ' with TLS'} on ${where}`
  const refusal = (what: string, expected: string, next: string): CloudbenchError =>
    new CloudbenchError({ code: 'CB_CONNECT', what, expected, next, cause: error })
  const refused = networkRefusal(inner, { where, hostname: address.host, server, plainScheme: 'kafka://' })
  if (refused) return refused
  if (code === 'TLS_EXPECTED')
    return refusal(
      `${where} speaks TLS`,
      'a listener without TLS, or a url for one with it',
      "use kafkas:// in the target's url instead of kafka://",
    )
  if (code.startsWith('ERR_SSL_') || (tls !== undefined && /before secure TLS/.test(text)))
    return refusal(
      `${where} does not speak TLS`,
      server,
      "use kafka:// in the target's url instead of kafkas://",
    )
  if (/mechanism is not supported|UNSUPPORTED_SASL|ILLEGAL_SASL/i.test(`${text} ${code}`))
    return refusal(
      `${where} does not accept this kind of authentication: ${text}`,
      'a mechanism that the listener has enabled',
      'set options.sasl to plain, scram-sha-256 or scram-sha-512, or use the port of another listener',
    )
  if (code.endsWith('AUTHORIZATION_FAILED'))
    return refusal(
      `${where} does not let this user do that: ${text}`,
      'the permissions Describe, and Write or Read, on the topic; for an idempotent producer also IdempotentWrite',
      'have an administrator grant them with kafka-acls.sh, or set options.idempotent to false',
    )
  if (/SASL|authentication|Unauthori[sz]ed/i.test(text))
    return refusal(
      `${where} rejected the credentials: ${text}`,
      "user and password in the target's url, as kafka://user:password@host:port",
      'keep the password out of files: kafka://user:${env:KAFKA_PASSWORD}@…',
    )
  if (code === 'NOT_KAFKA' || code === 'INVALID_RESPONSE')
    return refusal(`${where} is not speaking the Kafka protocol: ${text}`, server, "correct the target's url")
  if (code === 'CONNECTION_CLOSED' || code === 'ECONNRESET')
    return refusal(
      `${where} closes the connection (${code})`,
      server,
      sasl === undefined
        ? 'if the listener wants TLS, use kafkas://; if it wants a password, put user and password into the url'
        : "if the listener wants TLS, use kafkas://; otherwise look at the broker's log",
    )
  return refusal(`no connection to ${where}: ${text}`, server, "check the target's url")
}

interface Innermost {
  readonly inner: unknown
  readonly code: string
  readonly text: string
}

/** kafkajs wraps an error, sometimes more than once; the innermost says what happened. */
function innermost(error: unknown): Innermost {
  let inner = error
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause
  const { code, type, name } = inner as { code?: unknown; type?: unknown; name?: unknown }
  const text = messageOf(inner)
  if (name === 'KafkaJSConnectionClosedError') return { inner, code: 'CONNECTION_CLOSED', text }
  return { inner, code: typeof code === 'string' ? code : typeof type === 'string' ? type : '', text }
}

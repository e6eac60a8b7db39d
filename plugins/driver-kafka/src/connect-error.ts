import { CloudbenchError, messageOf } from '@cloudbench/core'
import { connectRefusal, errorWithCode } from '@cloudbench/driver-kit'
import type { Access } from './client/open-link.ts'
import { explainReply, sayReply } from './error-replies.ts'
import { formatAddress, type Address } from './target.ts'

/** Says why a broker cannot be used, and what to do about it. */
export function connectError(
  error: unknown,
  address: Address,
  { tls, sasl }: Pick<Access, 'tls' | 'sasl'>,
): CloudbenchError {
  if (error instanceof CloudbenchError) return error
  const where = formatAddress(address)
  const server = `a Kafka broker${tls === undefined ? '' : ' with TLS'} on ${where}`
  const network = { where, hostname: address.host, server, plainScheme: 'kafka://' }
  return connectRefusal(innermost(error), network, (message, code) => {
    if (code === 'TLS_EXPECTED')
      return [
        `${where} speaks TLS`,
        'a listener without TLS, or a url for one with it',
        "use kafkas:// in the target's url instead of kafka://",
      ]
    if (code.startsWith('ERR_SSL_') || (tls !== undefined && /before secure TLS/.test(message)))
      return [`${where} does not speak TLS`, server, "use kafka:// in the target's url instead of kafkas://"]
    if (/mechanism is not supported|UNSUPPORTED_SASL|ILLEGAL_SASL/i.test(`${message} ${code}`))
      return [
        `${where} does not accept this kind of authentication: ${message}`,
        'a mechanism that the listener has enabled',
        'set options.sasl to plain, scram-sha-256 or scram-sha-512, or use the port of another listener',
      ]
    const explained = explainReply(code, `${where}: ${message}`)
    if (explained) return explained
    if (/SASL|authentication|Unauthori[sz]ed/i.test(message))
      return [
        `${where} rejected the credentials: ${message}`,
        "user and password in the target's url, as kafka://user:password@host:port",
        'keep the password out of files: kafka://user:${env:KAFKA_PASSWORD}@…',
      ]
    if (code === 'NOT_KAFKA' || code === 'INVALID_RESPONSE')
      return [`${where} is not speaking the Kafka protocol: ${message}`, server, "correct the target's url"]
    if (code === 'CONNECTION_CLOSED' || code === 'ECONNRESET')
      return [
        `${where} closes the connection (${code})`,
        server,
        sasl === undefined
          ? 'if the listener wants TLS, use kafkas://; if it wants a password, put user and password into the url'
          : "if the listener wants TLS, use kafkas://; otherwise look at the broker's log",
      ]
    return undefined
  })
}

/** Says what to do about a refusal that a task met. Other errors are returned as they are. */
export function taskError(error: unknown): unknown {
  if (error instanceof CloudbenchError || !(error instanceof Error)) return error
  const { code = '' } = error as NodeJS.ErrnoException
  const explained = explainReply(code, error.message)
  if (explained === undefined) return error
  const [what, expected, next] = explained
  return new CloudbenchError({ code: 'CB_TARGET', what, expected, next, cause: error })
}

/** What a broker did not do for a task, and why. */
export function refusal(failed: string, error: string, message?: string): CloudbenchError {
  const said = `${failed}: ${sayReply(error, message)}`
  const [what, expected, next] = explainReply(error, said) ?? [
    said,
    'a cluster that creates and removes topics for this user',
    'create the topic yourself, and set options.createTopic to false',
  ]
  return new CloudbenchError({ code: 'CB_TARGET', what, expected, next })
}

/** kafkajs wraps an error, sometimes more than once, and has types for codes; the innermost says what happened. */
function innermost(error: unknown): Error {
  let inner = error
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause
  const { code, type, name } = inner as { code?: unknown; type?: unknown; name?: unknown }
  const known = [name === 'KafkaJSConnectionClosedError' ? 'CONNECTION_CLOSED' : undefined, code, type]
  return errorWithCode(known.find((one) => typeof one === 'string') ?? '', messageOf(inner), error)
}

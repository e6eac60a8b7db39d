import { CloudbenchError } from '@cloudbench/core'

/** A broker, as given by the target's url. */
export interface AmqpTarget {
  readonly host: string
  readonly port: number
  readonly isTls: boolean
  readonly username: string | undefined
  readonly password: string | undefined
  /** RabbitMQ's virtual host; undefined: the broker's default. */
  readonly vhost: string | undefined
  /** Host and port, without credentials, for messages. */
  readonly shown: string
}

/**
 * Reads `amqp://user:password@host:port/vhost`, or `amqps://` for TLS.
 * @throws CloudbenchError for any other url, which it does not quote: the url may hold a password.
 */
export function parseTarget(url: string): AmqpTarget {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  const isTls = parsed?.protocol === 'amqps:'
  if (
    !parsed ||
    !(isTls || parsed.protocol === 'amqp:') ||
    !parsed.hostname ||
    parsed.search ||
    parsed.hash ||
    /^\/.+\//.test(parsed.pathname)
  )
    throw notAmqp()
  const port = Number(parsed.port || (isTls ? 5671 : 5672))
  return {
    host: parsed.hostname.replaceAll(/^\[|\]$/g, ''),
    port,
    isTls,
    username: decoded(parsed.username),
    password: decoded(parsed.password),
    vhost: decoded(parsed.pathname.slice(1)),
    shown: `${parsed.hostname}:${port}`,
  }
}

/** Nothing is `undefined`. */
function decoded(part: string): string | undefined {
  try {
    return part === '' ? undefined : decodeURIComponent(part)
  } catch {
    // a percent sign that starts no character
    throw notAmqp()
  }
}

function notAmqp(): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_TARGET',
    what: "the target's url is not that of an AMQP broker",
    expected:
      'amqp://host:port, amqp://user:password@host:port/vhost, or amqps://… for TLS; a percent sign is written %25',
    next: '--set targets.<name>.url=amqp://127.0.0.1:5672',
  })
}

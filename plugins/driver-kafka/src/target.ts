import { CloudbenchError } from '@cloudbench/core'

/** Where a broker listens. */
export interface Address {
  readonly host: string
  readonly port: number
}

/** A Kafka cluster, as the target's url names it. */
export interface KafkaTarget {
  /** Brokers to start with; they name the others. */
  readonly addresses: readonly [Address, ...Address[]]
  readonly isTls: boolean
  readonly username: string | undefined
  readonly password: string | undefined
}

const defaultPort = 9092
const shape = /^(?<scheme>kafkas?):\/\/(?:(?<username>[^:@/]*):(?<password>[^@/]*)@)?(?<hosts>[^@/?#]+)\/?$/

/**
 * Reads `kafka://user:password@host:port,host:port`, or `kafkas://` for TLS.
 * @throws CloudbenchError for anything else. The url may hold a password, so the error does not show it.
 */
export function parseTarget(url: string): KafkaTarget {
  const { scheme, username, password, hosts } = shape.exec(url)?.groups ?? {}
  const addresses = (hosts ?? '').split(',').map(parseAddress)
  const [first, ...others] = addresses.filter((address) => address !== undefined)
  if (scheme === undefined || first === undefined || others.length + 1 !== addresses.length) throw notKafka()
  try {
    return {
      addresses: [first, ...others],
      isTls: scheme === 'kafkas',
      username: username === undefined ? undefined : decodeURIComponent(username),
      password: password === undefined ? undefined : decodeURIComponent(password),
    }
  } catch {
    // a percent sign that starts no character
    throw notKafka()
  }
}

/** `host:port`, for messages. */
export function formatAddress({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

function parseAddress(written: string): Address | undefined {
  const [, host, digits] = /^(\[[\da-fA-F:.]+\]|[^\s:[\]]+)(?::(\d{1,5}))?$/.exec(written) ?? []
  const port = digits === undefined ? defaultPort : Number(digits)
  if (host === undefined || port < 1 || port > 65_535) return undefined
  return { host: host.replaceAll(/^\[|\]$/g, ''), port }
}

function notKafka(): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_TARGET',
    what: "the target's url does not name a Kafka cluster",
    expected:
      'kafka://host:port, several brokers as kafka://host:port,host:port, kafka://user:password@host:port, or kafkas://… for TLS',
    next: '--set targets.<name>.url=kafka://127.0.0.1:9092',
  })
}

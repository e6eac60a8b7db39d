import { CloudbenchError } from '@cloudbench/core'
import { connectRefusal } from '@cloudbench/driver-kit'
import type { Proxy } from './client/proxy.ts'
import type { HttpTarget } from './target.ts'

/** Explains why a target cannot be reached, and what to do about it. */
export function connectError(
  error: unknown,
  { hostname, port, isTls, origin, socketPath }: HttpTarget,
  proxy?: Proxy,
): CloudbenchError {
  const where = socketPath ?? placeOf({ hostname, port })
  if (proxy !== undefined && !isOfTls(error)) return proxyError(error, proxy, where)
  const server = `an ${isTls ? 'HTTPS' : 'HTTP'} server on ${where}`
  return connectRefusal(error, { where, hostname, server, plainScheme: 'http://' }, (message) => [
    `no connection to ${where}: ${message}`,
    server,
    `check the target's url: ${socketPath ?? origin}`,
  ])
}

/** With a proxy, only TLS is between this machine and the target itself. */
function isOfTls(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException
  return typeof code === 'string' && /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/.test(code)
}

function proxyError(error: unknown, { hostname, port }: Proxy, target: string): CloudbenchError {
  const where = placeOf({ hostname, port })
  const server = `an HTTP proxy on ${where}`
  const refusal = { where, hostname, server, plainScheme: 'http://', setting: 'the option proxy' }
  return connectRefusal(error, refusal, (message) => [
    `no connection through the proxy ${where} to ${target}: ${message}`,
    `${server} that connects to ${target}`,
    /\b407\b/.test(message)
      ? 'give its credentials: proxy: http://user:password@…'
      : 'check the option proxy, and what the proxy allows',
  ])
}

function placeOf({ hostname, port }: Pick<Proxy, 'hostname' | 'port'>): string {
  return hostname.includes(':') ? `[${hostname}]:${port}` : `${hostname}:${port}`
}

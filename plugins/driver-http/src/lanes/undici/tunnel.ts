import { request } from 'node:http'
import type { Socket } from 'node:net'
import { formatDuration } from '@cloudbench/core/text'
import { errorWithCode } from '@cloudbench/driver-kit'
import type { buildConnector } from 'undici'
import type { Proxy } from '../../client/proxy.ts'

/** Opens connections through a proxy: it is asked to connect (RFC 9110, 9.3.6), and sees nothing of what TLS hides. */
export function tunnelConnector(proxy: Proxy, timeoutMs: number): buildConnector.connector {
  return (where, callback) => {
    const host = where.hostname.includes(':') ? `[${where.hostname}]` : where.hostname
    openTunnel(proxy, `${host}:${where.port || 443}`, timeoutMs, callback)
  }
}

function openTunnel(
  { hostname, port, authorization }: Proxy,
  authority: string,
  timeoutMs: number,
  callback: buildConnector.Callback,
): void {
  const asking = request({
    host: hostname,
    port,
    method: 'CONNECT',
    path: authority,
    headers: {
      host: authority,
      ...(authorization !== undefined && { 'proxy-authorization': authorization }),
    },
    agent: false,
  })
  const timer = setTimeout(() => {
    asking.destroy(errorWithCode('ETIMEDOUT', `no tunnel within ${formatDuration(timeoutMs)}`))
  }, timeoutMs)
  asking.once('error', (error) => {
    clearTimeout(timer)
    callback(error, null)
  })
  asking.once('connect', ({ statusCode = 0, statusMessage = '' }, socket: Socket, head) => {
    clearTimeout(timer)
    if (statusCode < 200 || statusCode > 299) {
      socket.destroy()
      callback(
        errorWithCode('PROXY_REFUSED', `the proxy answers ${statusCode} ${statusMessage}`.trim()),
        null,
      )
      return
    }
    if (head.length > 0) socket.unshift(head)
    callback(null, socket.setNoDelay(true))
  })
  asking.end()
}

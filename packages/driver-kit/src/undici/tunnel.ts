import { request } from 'node:http'
import type { Socket } from 'node:net'
import { formatDuration } from '@cloudbench/core/text'
import type { buildConnector } from 'undici'
import { errorWithCode } from '../connect/errors.ts'

/** An HTTP proxy. */
export interface Proxy {
  readonly hostname: string
  readonly port: number
  /** The value of `proxy-authorization`. */
  readonly authorization?: string | undefined
}

/** Opens TLS connections through a proxy: it is asked to connect (RFC 9110, 9.3.6), and sees nothing more. */
export function tunnelConnector(
  proxy: Proxy,
  timeoutMs: number,
  secure: buildConnector.connector,
): buildConnector.connector {
  return (where, callback) => {
    const host = where.hostname.includes(':') ? `[${where.hostname}]` : where.hostname
    openTunnel(proxy, `${host}:${where.port || 443}`, timeoutMs, (error, socket) => {
      if (socket === undefined) callback(error!, null)
      else secure({ ...where, httpSocket: socket }, callback)
    })
  }
}

function openTunnel(
  { hostname, port, authorization }: Proxy,
  authority: string,
  timeoutMs: number,
  callback: (error: Error | undefined, socket?: Socket) => void,
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
    callback(error)
  })
  asking.once('connect', ({ statusCode = 0, statusMessage = '' }, socket: Socket, head) => {
    clearTimeout(timer)
    if (statusCode < 200 || statusCode > 299) {
      socket.destroy()
      callback(errorWithCode('PROXY_REFUSED', `the proxy answers ${statusCode} ${statusMessage}`.trim()))
      return
    }
    if (head.length > 0) socket.unshift(head)
    callback(undefined, socket.setNoDelay(true))
  })
  asking.end()
}

import type { NetConnectOpts } from 'node:net'
import type { buildConnector } from 'undici'
import { openTcp } from './tcp.ts'

/** Puts TLS on the connections that another connector opens. */
export function secured(
  open: buildConnector.connector,
  secure: buildConnector.connector,
): buildConnector.connector {
  return (where, callback) => {
    open(where, (...[error, socket]) => {
      if (error) callback(error, null)
      else secure({ ...where, httpSocket: socket }, callback)
    })
  }
}

/**
 * Opens TCP connections.
 * @param detour Where they go instead of the host and port of their origin.
 */
export function directConnector(timeoutMs: number, detour?: NetConnectOpts): buildConnector.connector {
  return ({ hostname, port, protocol }, callback) => {
    const usualPort = protocol === 'https:' ? 443 : 80
    openTcp(detour ?? { host: hostname, port: Number(port) || usualPort }, timeoutMs, callback)
  }
}

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

/** Opens the TCP connections below TLS. */
export function directConnector(timeoutMs: number): buildConnector.connector {
  return ({ hostname, port }, callback) =>
    openTcp({ host: hostname, port: Number(port) || 443 }, timeoutMs, callback)
}

import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { CloudbenchError } from '@cloudbench/core'
import { connectError, notHttp2 } from './connect-error.ts'
import type { GrpcOptions } from './options.ts'
import { serverNameOf, type GrpcTarget } from './target.ts'
import type { SharedTls } from './tls.ts'

/**
 * Finds out why a channel was not connected, by opening a connection of its own: grpc-js says it in a sentence, and
 * without the code of the error.
 */
export async function diagnose(
  target: GrpcTarget,
  options: GrpcOptions,
  tls: SharedTls | undefined,
): Promise<CloudbenchError> {
  try {
    await openAndClose(target, options, tls)
  } catch (error) {
    return connectError(error, target)
  }
  return notHttp2(target)
}

function openAndClose(
  target: GrpcTarget,
  { connectTimeoutMs, tls: tlsOptions }: GrpcOptions,
  tls: SharedTls | undefined,
): Promise<void> {
  const { hostname: host, port } = target
  const servername = serverNameOf(target, tlsOptions)
  return new Promise((resolve, reject) => {
    const socket: Socket = tls
      ? connectTls({
          host,
          port,
          secureContext: tls.secureContext,
          ALPNProtocols: ['h2'],
          rejectUnauthorized: tlsOptions?.rejectUnauthorized ?? true,
          ...(servername !== undefined && { servername }),
        })
      : connectTcp({ host, port })
    const timer = setTimeout(() => {
      socket.destroy(
        Object.assign(new Error(`no connection within ${connectTimeoutMs} ms`), { code: 'ETIMEDOUT' }),
      )
    }, connectTimeoutMs)
    const settle = (action: () => void): void => {
      clearTimeout(timer)
      socket.destroy()
      action()
    }
    socket.once('error', (error) => settle(() => reject(error)))
    socket.once(tls ? 'secureConnect' : 'connect', () => settle(resolve))
  })
}

import { connect as connectHttp2 } from 'node:http2'
import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { CloudbenchError } from '@cloudbench/core'
import { connectError, notHttp2, silent } from '../connect-error.ts'
import type { GrpcOptions } from '../options.ts'
import { serverNameOf, type GrpcTarget } from '../target.ts'
import type { SharedTls } from './tls.ts'

/**
 * Opens a connection as a gRPC client does, and closes it again. grpc-js explains in one sentence, without a code, why
 * it cannot connect, and never gives up on a connection where the other side says nothing, so the driver looks first.
 * @throws CloudbenchError that says what is wrong.
 */
export function preflight(
  target: GrpcTarget,
  options: GrpcOptions,
  tls: SharedTls | undefined,
): Promise<void> {
  const socket = openSocket(target, options, tls)
  const { connectTimeoutMs } = options
  let isConnected = false
  return new Promise((resolve, reject) => {
    const refuse = (error: CloudbenchError): void => {
      clearTimeout(timer)
      socket.destroy()
      reject(error)
    }
    const timer = setTimeout(() => {
      const late = Object.assign(new Error(`no connection within ${connectTimeoutMs} ms`), {
        code: 'ETIMEDOUT',
      })
      refuse(isConnected ? silent(target) : connectError(late, target))
    }, connectTimeoutMs)
    socket.on('error', (error) => refuse(isConnected ? notHttp2(target) : connectError(error, target)))
    socket.once(tls ? 'secureConnect' : 'connect', () => {
      isConnected = true
      const session = connectHttp2(`http://${target.authority}`, { createConnection: () => socket })
      session.once('remoteSettings', () => {
        clearTimeout(timer)
        session.destroy()
        resolve()
      })
      session.on('error', () => refuse(notHttp2(target)))
      session.on('close', () => refuse(notHttp2(target)))
    })
  })
}

function openSocket(target: GrpcTarget, { tls: options }: GrpcOptions, tls: SharedTls | undefined): Socket {
  const { hostname: host, port } = target
  if (!tls) return connectTcp({ host, port })
  const servername = serverNameOf(target, options)
  return connectTls({
    host,
    port,
    secureContext: tls.secureContext,
    ALPNProtocols: ['h2'],
    rejectUnauthorized: options?.rejectUnauthorized ?? true,
    ...(servername !== undefined && { servername }),
  })
}

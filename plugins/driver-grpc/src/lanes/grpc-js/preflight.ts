import { once } from 'node:events'
import { connect as connectHttp2 } from 'node:http2'
import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { serverNameOf, within, type ConnectTls } from '@cloudbench/driver-kit'
import { connectError, notHttp2, silent } from '../../connect-error.ts'
import type { GrpcTarget } from '../../target.ts'
import type { ChannelSockets } from './channel-sockets.ts'

export interface PreflightOptions {
  readonly tls: ConnectTls | undefined
  readonly timeoutMs: number
  /** Where its connection counts. */
  readonly sockets: ChannelSockets
}

/**
 * Opens a connection as a gRPC client does, and closes it again, to find out why grpc-js could not open one.
 * @throws CloudbenchError that says what is wrong.
 */
export async function preflight(
  target: GrpcTarget,
  { tls, timeoutMs, sockets }: PreflightOptions,
): Promise<void> {
  const socket = openSocket(target, tls)
  // reported below; without a listener, one that comes between two steps would end the process
  socket.on('error', () => {})
  socket.once('connect', () => sockets.add(socket))
  let isConnected = false
  try {
    await within(timeoutMs, async () => {
      await once(socket, tls ? 'secureConnect' : 'connect')
      isConnected = true
      await settingsOf(socket, target)
    })
  } catch (error) {
    if (!isConnected) throw connectError(error, target)
    throw (error as NodeJS.ErrnoException).code === 'ETIMEDOUT' ? silent(target) : notHttp2(target)
  } finally {
    socket.destroy()
  }
}

/** Waits for the first thing that every HTTP/2 server says; rejects when the connection ends without it. */
function settingsOf(socket: Socket, { authority }: GrpcTarget): Promise<void> {
  return new Promise((resolve, reject) => {
    const session = connectHttp2(`http://${authority}`, { createConnection: () => socket })
    session.once('remoteSettings', () => {
      session.destroy()
      resolve()
    })
    session.on('error', reject)
    session.on('close', () => reject(new Error('the connection was closed')))
    socket.on('error', reject)
  })
}

function openSocket({ hostname, port, socketPath }: GrpcTarget, tls: ConnectTls | undefined): Socket {
  if (socketPath !== undefined) return connectTcp({ path: socketPath })
  if (!tls) return connectTcp({ host: hostname, port })
  const servername = serverNameOf(hostname, tls)
  return connectTls({
    ...tls,
    host: hostname,
    port,
    ALPNProtocols: ['h2'],
    ...(servername !== undefined && { servername }),
  })
}

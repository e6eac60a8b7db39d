import type { Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { tlsTo, type ConnectTls } from '@cloudbench/driver-kit'
import { credentials, type ChannelCredentials } from '@grpc/grpc-js'
import type { ChannelSockets } from './channel-sockets.ts'

/** How the connections of a channel are secured, and where they are kept. */
export interface ChannelUse {
  readonly tls: ConnectTls | undefined
  readonly sockets: ChannelSockets
}

/**
 * Credentials that keep every connection that a channel opens, and secure it as all drivers do: grpc-js would ask for
 * an address by name, which Node.js warns of.
 */
export function credentialsFor(hostname: string, { tls, sockets }: ChannelUse): ChannelCredentials {
  const made = tls ? credentials.createFromSecureContext(tls.secureContext) : credentials.createInsecure()
  // oxlint-disable-next-line no-underscore-dangle -- typed, but the only place where grpc-js hands out a socket
  const create = made._createSecureConnector.bind(made)
  // oxlint-disable-next-line no-underscore-dangle
  made._createSecureConnector = (...given) => {
    const connector = create(...given)
    connector.connect = (socket) => {
      sockets.add(socket)
      return tls ? secured(socket, hostname, tls) : Promise.resolve({ socket, secure: false })
    }
    return connector
  }
  return made
}

function secured(
  socket: Socket,
  hostname: string,
  tls: ConnectTls,
): Promise<{ readonly socket: Socket; readonly secure: boolean }> {
  return new Promise((resolve, reject) => {
    const overTls = connectTls({ ...tlsTo(hostname, tls), socket, ALPNProtocols: ['h2'] }, () =>
      resolve({ socket: overTls, secure: true }),
    )
    overTls.on('error', reject)
  })
}

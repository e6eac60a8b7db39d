import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Sockets } from '@cloudbench/core'
import { connectionClosed, tlsTo, type ConnectTls } from '@cloudbench/driver-kit'
import type { PostgresServer } from '../target.ts'
import { startTls } from '../wire/socket.ts'

/** A socket as Node.js makes it, for a library that takes one. */
export interface NodeSocket {
  /** Connects, and then negotiates TLS if it is wanted. Only once: it rejects when a library would connect again by itself. */
  open(): Promise<Socket>
  /** Why it broke, or ended before it was open. */
  fault(): Error | undefined
  hasEnded(): boolean
  onLost(lost: (error?: Error) => void): void
  destroy(error?: Error): void
}

export interface NodeSocketOptions {
  readonly server: PostgresServer
  /** Undefined for none. */
  readonly tls: ConnectTls | undefined
  /** Is told when the server has accepted the connection, before any TLS, and when it is closed. */
  readonly sockets: Sockets | undefined
  /** Sees what is read once it is open, before the library does, and may throw, which ends the connection. */
  readonly watch: (chunk: Buffer) => void
}

export function createNodeSocket({ server, tls, sockets, watch }: NodeSocketOptions): NodeSocket {
  let socket: Socket | undefined
  let fault: Error | undefined
  let hasEnded = false
  const listeners: ((error?: Error) => void)[] = []
  const tell = (): void => {
    for (const lost of listeners) lost(fault)
  }
  const broken = (error: Error): void => {
    fault ??= error
    tell()
  }

  /** What a socket says first under that name. Rejects when it ends without. */
  const first = (from: Socket, event: 'connect' | 'secureConnect' | 'data'): Promise<unknown> =>
    new Promise((resolve, reject) => {
      from.once(event, resolve)
      from.once('close', () => reject((fault ??= connectionClosed())))
    })

  const use = (used: Socket): Socket => {
    socket = used
    used.on('error', broken)
    return used
  }

  const secure = async (plain: Socket, to: ConnectTls): Promise<Socket> => {
    plain.write(startTls.request)
    const refusal = startTls.refusal((await first(plain, 'data')) as Buffer)
    if (refusal !== undefined) throw (fault ??= refusal)
    const over = use(connectTls({ ...tlsTo(server.host, to), socket: plain }))
    await first(over, 'secureConnect')
    return over
  }

  return {
    async open() {
      if (socket !== undefined) throw fault ?? connectionClosed()
      const plain = use(connect(addressOf(server)))
      plain.once('connect', () => {
        sockets?.opened()
        plain.once('close', () => sockets?.closed())
      })
      await first(plain, 'connect')
      const opened = tls === undefined ? plain : await secure(plain, tls)
      opened.once('close', () => {
        hasEnded = true
        tell()
      })
      guard(opened, watch)
      return opened
    },
    fault: () => fault,
    hasEnded: () => hasEnded || fault !== undefined,
    onLost: (lost) => void listeners.push(lost),
    destroy(error) {
      if (error !== undefined) fault ??= error
      socket?.destroy(error)
    },
  }
}

function addressOf({ host, port }: PostgresServer): { path: string } | { host: string; port: number } {
  return host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port }
}

/** Lets nothing through that the watch has thrown at: a library may print it, or wait for more forever. */
function guard(socket: Socket, watch: (chunk: Buffer) => void): void {
  const push = socket.push.bind(socket)
  socket.push = (chunk: Buffer | null, encoding) => {
    if (chunk !== null)
      try {
        watch(chunk)
      } catch (error) {
        socket.destroy(error as Error)
        return false
      }
    return push(chunk, encoding)
  }
}

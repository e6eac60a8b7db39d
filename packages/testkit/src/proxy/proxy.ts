import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { type Address, addressOf } from './address.ts'
import { createValve, type Valve } from './valve.ts'

/** Stands between a driver and its server, whatever they speak over TCP. Requests always reach the server. */
export interface Proxy {
  readonly port: number
  /** Leads to this server from now on; the target by way of the proxy, or undefined when it has no address. */
  leadTo(target: string): string | undefined
  /** Everything that clients have sent so far. */
  readonly sent: readonly Buffer[]
  /** Holds back what the server answers. */
  readonly answers: Omit<Valve, 'pass'>
  /** How many connections were taken so far. */
  readonly accepted: number
  /** How many connections are open. */
  readonly open: number
  /** Counts the connections that were taken from zero again. */
  forget(): void
  /** Ends every connection; new ones are taken as before. */
  drop(): void
  /** Ends every connection, and takes no new ones, like a server that is down. */
  close(): Promise<void>
  /** Takes connections again, at the same port. */
  reopen(): Promise<void>
}

export interface ProxyOptions {
  /** Called when a connection was taken. */
  taken?(client: Socket): void
  /** Called before something that a client has sent is passed on to the server. */
  asked?(client: Socket, chunk: Buffer): void
  /** Called after something that the server has answered was passed on to a client. */
  answered?(client: Socket): void
}

/** Starts a proxy on 127.0.0.1. It takes connections once it leads somewhere. */
export async function startProxy({ taken, asked, answered }: ProxyOptions = {}): Promise<Proxy> {
  let address: Address | undefined
  const clients = new Set<Socket>()
  const sent: Buffer[] = []
  let accepted = 0
  const answers = createValve()
  const server = createServer((client) => {
    if (!address) {
      client.destroy()
      return
    }
    accepted++
    clients.add(client)
    taken?.(client)
    client.once('close', () => clients.delete(client))
    relay(client, connect({ host: address.host, port: address.port, noDelay: true }), {
      asked(chunk) {
        sent.push(chunk)
        asked?.(client, chunk)
      },
      answered(chunk, to) {
        answers.pass(to, chunk)
        answered?.(to)
      },
    })
  })
  await listen(server, 0)
  const { port } = server.address() as AddressInfo
  const drop = (): void => clients.forEach((client) => client.destroy())
  return {
    port,
    leadTo(target) {
      address = addressOf(target)
      return address?.moved(port)
    },
    sent,
    answers,
    get accepted() {
      return accepted
    },
    get open() {
      return clients.size
    },
    forget() {
      accepted = 0
    },
    drop,
    async close() {
      if (!server.listening) return
      const closed = once(server, 'close')
      server.close()
      drop()
      await closed
    },
    reopen: () => listen(server, port),
  }
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
}

interface Relayed {
  /** Called before a chunk goes to the server. */
  asked(chunk: Buffer): void
  /** Passes an answer on, now or later. */
  answered(chunk: Buffer, client: Socket): void
}

function relay(client: Socket, upstream: Socket, { asked, answered }: Relayed): void {
  client.setNoDelay(true)
  client.on('data', (chunk: Buffer) => {
    asked(chunk)
    upstream.write(chunk)
  })
  upstream.on('data', (chunk: Buffer) => answered(chunk, client))
  tie(client, upstream)
  tie(upstream, client)
}

/** The end of one is the end of the other. */
function tie(one: Socket, other: Socket): void {
  one.on('error', () => other.destroy())
  one.on('close', () => other.destroy())
  one.on('end', () => other.end())
}

import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { addressOf } from './address.ts'
import { createValve, type Valve } from './valve.ts'

/** Stands between a driver and its server, whatever they speak over TCP. Requests always reach the server. */
export interface Proxy {
  /** The target, by way of the proxy. */
  readonly target: string
  /** Everything that clients have sent so far. */
  readonly sent: readonly Buffer[]
  /** Holds back what the server answers. */
  readonly answers: Omit<Valve, 'pass'>
  /** How many connections were taken so far. */
  readonly accepted: number
  /** How many connections are open. */
  readonly open: number
  /** Ends every connection; new ones are taken as before. */
  drop(): void
  /** Ends every connection, and takes no new ones. */
  close(): Promise<void>
}

/** Starts a proxy before a target; undefined when no address can be read from it. */
export async function startProxy(target: string): Promise<Proxy | undefined> {
  const address = addressOf(target)
  if (!address) return undefined
  const clients = new Set<Socket>()
  const sent: Buffer[] = []
  let accepted = 0
  const answers = createValve()
  const server = createServer((client) => {
    accepted++
    const upstream = connect({ host: address.host, port: address.port, noDelay: true })
    client.setNoDelay(true)
    client.on('data', (chunk: Buffer) => {
      sent.push(chunk)
      upstream.write(chunk)
    })
    upstream.on('data', (chunk: Buffer) => answers.pass(client, chunk))
    tie(client, upstream)
    tie(upstream, client)
    clients.add(client)
    client.once('close', () => clients.delete(client))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const drop = (): void => clients.forEach((client) => client.destroy())
  return {
    target: address.moved((server.address() as AddressInfo).port),
    sent,
    answers,
    get accepted() {
      return accepted
    },
    get open() {
      return clients.size
    },
    drop,
    async close() {
      if (!server.listening) return
      const closed = once(server, 'close')
      server.close()
      drop()
      await closed
    },
  }
}

/** The end of one is the end of the other. */
function tie(one: Socket, other: Socket): void {
  one.on('error', () => other.destroy())
  one.on('close', () => other.destroy())
  one.on('end', () => other.end())
}

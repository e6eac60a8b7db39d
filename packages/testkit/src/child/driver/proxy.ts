import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
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
  /** Counts connections from zero again. */
  forget(): void
  /** Ends every connection; new ones are taken as before. */
  drop(): void
  /** Ends every connection, and takes no new ones. */
  close(): Promise<void>
}

/** Starts a proxy. It takes connections once it leads somewhere. */
export async function startProxy(): Promise<Proxy> {
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
  const { port } = server.address() as AddressInfo
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
  }
}

/** The end of one is the end of the other. */
function tie(one: Socket, other: Socket): void {
  one.on('error', () => other.destroy())
  one.on('close', () => other.destroy())
  one.on('end', () => other.end())
}

import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { type Address, addressOf } from './address.ts'

/** Stands between a driver and its server, whatever they speak over TCP. */
export interface Proxy {
  /** The target, by way of the proxy. */
  readonly target: string
  /** Everything that clients have sent so far. */
  readonly sent: readonly Buffer[]
  readonly sentBytes: number
  /** How many connections were opened so far. */
  readonly opened: number
  /** How many of them are open now. */
  readonly open: number
  /** Keeps what the server answers. Requests still reach it. */
  hold(): void
  /** Passes on what was kept, and everything after it. */
  release(): void
  /** Ends every connection; new ones are taken as before. */
  drop(): void
  /** Ends every connection, and takes no new ones. */
  close(): Promise<void>
}

/** Starts a proxy before a target; undefined when the address cannot be read out of it. */
export async function startProxy(target: string): Promise<Proxy | undefined> {
  const address = addressOf(target)
  if (!address) return undefined
  const pairs = new Set<readonly [Socket, Socket]>()
  const sent: Buffer[] = []
  let sentBytes = 0
  let opened = 0
  let isHolding = false
  const server = createServer((client) => {
    opened++
    const pair = join(client, address, (chunk) => {
      sent.push(chunk)
      sentBytes += chunk.length
    })
    if (isHolding) pair[1].pause()
    pairs.add(pair)
    client.once('close', () => pairs.delete(pair))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const drop = (): void => {
    for (const sockets of pairs) for (const socket of sockets) socket.destroy()
  }
  return {
    target: address.moved((server.address() as AddressInfo).port),
    sent,
    get sentBytes() {
      return sentBytes
    },
    get open() {
      return pairs.size
    },
    get opened() {
      return opened
    },
    hold() {
      isHolding = true
      for (const [, upstream] of pairs) upstream.pause()
    },
    release() {
      isHolding = false
      for (const [, upstream] of pairs) upstream.resume()
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

/** Passes on whatever either end says, and its silence. */
function join(
  client: Socket,
  { host, port }: Address,
  hear: (chunk: Buffer) => void,
): readonly [Socket, Socket] {
  const upstream = connect({ host, port, noDelay: true })
  client.setNoDelay(true)
  client.on('data', (chunk: Buffer) => {
    hear(chunk)
    upstream.write(chunk)
  })
  upstream.on('data', (chunk: Buffer) => void client.write(chunk))
  for (const [one, other] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    one.on('error', () => other.destroy())
    one.on('close', () => other.destroy())
    one.on('end', () => other.end())
  }
  return [client, upstream]
}

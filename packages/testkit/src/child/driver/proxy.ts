import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { addressOf } from './address.ts'

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
  /** Keeps what the server answers from now on. Requests still reach it. */
  hold(): void
  /** How much is kept. */
  readonly keptBytes: number
  /** Passes on what was kept so far, and goes on keeping. */
  flush(): void
  /** Passes on what was kept so far, and everything after it. */
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
  let kept: (readonly [Socket, Buffer])[] = []
  let sentBytes = 0
  let keptBytes = 0
  let opened = 0
  let isHolding = false
  const answer = (client: Socket, chunk: Buffer): void => {
    if (isHolding) {
      kept.push([client, chunk])
      keptBytes += chunk.length
    } else client.write(chunk)
  }
  const flush = (): void => {
    const answers = kept
    kept = []
    keptBytes = 0
    for (const [client, chunk] of answers) if (!client.destroyed) client.write(chunk)
  }
  const server = createServer((client) => {
    opened++
    const upstream = connect({ host: address.host, port: address.port, noDelay: true })
    client.setNoDelay(true)
    client.on('data', (chunk: Buffer) => {
      sent.push(chunk)
      sentBytes += chunk.length
      upstream.write(chunk)
    })
    upstream.on('data', (chunk: Buffer) => answer(client, chunk))
    const pair = tie(client, upstream)
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
    get keptBytes() {
      return keptBytes
    },
    hold() {
      isHolding = true
    },
    flush,
    release() {
      isHolding = false
      flush()
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

/** The end of either is the end of both. */
function tie(client: Socket, upstream: Socket): readonly [Socket, Socket] {
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

import { connect } from 'node:net'
import { tcpServer, type TcpServer } from '@cloudbench/fixtures/tcp-server'

/** A proxy that can stop passing anything on, and keeps its connections open, as a firewall does that forgets them. */
export async function mutableProxy(target: string): Promise<TcpServer & { mute(): void }> {
  let isMute = false
  const { port, hostname } = new URL(target)
  const proxy = await tcpServer('amqp', (client) => {
    const server = connect(Number(port), hostname)
    server.on('error', () => {})
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      from.on('data', (bytes) => {
        if (!isMute) to.write(bytes)
      })
      from.on('close', () => to.destroy())
    }
  })
  return {
    ...proxy,
    get accepted() {
      return proxy.accepted
    },
    mute: () => void (isMute = true),
  }
}

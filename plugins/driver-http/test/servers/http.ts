import { once } from 'node:events'
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http'
import { createServer as createHttpsServer, type ServerOptions } from 'node:https'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** A request as the server saw it. */
interface Seen {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export interface TestServer {
  readonly target: string
  readonly port: number
  readonly seen: readonly Seen[]
  /** How many connections have been accepted. */
  readonly accepted: number
  /** The open connections. */
  readonly sockets: ReadonlySet<Socket>
  /** Stops accepting connections and ends the open ones. */
  stop(): void
}

/** Starts an HTTP server that ends with the test. */
export async function httpServer(
  answer: RequestListener = (_request, response) => response.end('{"ok":true}'),
  tls?: ServerOptions,
): Promise<TestServer> {
  const seen: Seen[] = []
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      seen.push({ method, url, headers, body: Buffer.concat(chunks).toString() })
      answer(request, response)
    })
  }
  const server = tls ? createHttpsServer(tls, listener) : createHttpServer(listener)
  return listening(server, seen, tls ? 'https://localhost' : 'http://127.0.0.1')
}

/** Starts a TCP server that ends with the test. */
export async function tcpServer(onSocket: (socket: Socket) => unknown): Promise<TestServer> {
  return listening(createServer(onSocket) as Server, [], 'http://127.0.0.1')
}

async function listening(server: Server, seen: readonly Seen[], origin: string): Promise<TestServer> {
  const sockets = new Set<Socket>()
  let accepted = 0
  server.on('connection', (socket) => {
    accepted++
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const stop = (): void => {
    for (const socket of sockets) socket.destroy()
    server.close()
  }
  onTestFinished(stop)
  return {
    target: `${origin}:${port}`,
    port,
    seen,
    sockets,
    stop,
    get accepted() {
      return accepted
    },
  }
}

/** Waits for a condition; the test's time limit ends it otherwise. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo())
    await new Promise((resolve) => {
      setTimeout(resolve, 2)
    })
}

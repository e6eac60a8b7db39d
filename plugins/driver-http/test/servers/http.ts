import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { createServer as createHttpsServer, type ServerOptions } from 'node:https'
import { listening, type TestServer } from '@cloudbench/fixtures/tcp-server'

/** A request as the server saw it. */
interface Seen {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
  readonly bytes: Buffer
}

export interface HttpServer extends TestServer {
  readonly target: string
  readonly seen: readonly Seen[]
}

/** Starts an HTTP server that ends with the test. */
export async function httpServer(
  answer: RequestListener = (_request, response) => response.end('{"ok":true}'),
  tls?: ServerOptions,
): Promise<HttpServer> {
  const seen: Seen[] = []
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      const bytes = Buffer.concat(chunks)
      seen.push({ method, url, headers, body: bytes.toString(), bytes })
      answer(request, response)
    })
  }
  const server = await listening(tls ? createHttpsServer(tls, listener) : createServer(listener))
  const origin = tls ? 'https://localhost' : 'http://127.0.0.1'
  return Object.assign(server, { target: `${origin}:${server.port}`, seen })
}

/** Waits for a condition; the test's time limit ends it otherwise. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo())
    await new Promise((resolve) => {
      setTimeout(resolve, 2)
    })
}

import { createServer, type IncomingMessage, request as forward } from 'node:http'
import { connect, type Socket } from 'node:net'
import { listening, type TestServer } from '@cloudbench/fixtures/tcp-server'

/** What a proxy was asked for. */
export interface Asked {
  readonly method: string
  /** The whole url, or host and port of a tunnel. */
  readonly url: string
  readonly headers: IncomingMessage['headers']
}

export interface ProxyServer extends TestServer {
  readonly url: string
  readonly asked: readonly Asked[]
  /** A status that it answers tunnels with from now on, instead of opening them. */
  refusal: number | undefined
}

/**
 * An HTTP proxy that knows one server, whatever it is called.
 * @param port Of the server.
 */
export async function proxyServer(port: number, refusal?: number): Promise<ProxyServer> {
  const asked: Asked[] = []
  const note = ({ method = '', url = '', headers }: IncomingMessage): void =>
    void asked.push({ method, url, headers })
  const server = createServer((request, response) => {
    note(request)
    const { pathname, search } = new URL(request.url!)
    const headers = { ...request.headers }
    delete headers['proxy-authorization']
    const onward = forward(
      { port, method: request.method, path: pathname + search, headers, agent: false },
      (answer) => {
        response.writeHead(answer.statusCode!, answer.headers)
        answer.pipe(response)
      },
    )
    request.pipe(onward)
  })
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    note(request)
    if (proxy.refusal !== undefined) {
      socket.end(`HTTP/1.1 ${proxy.refusal} Refused\r\ncontent-length: 0\r\n\r\n`)
      return
    }
    const behind = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      behind.pipe(socket)
      socket.pipe(behind)
    })
    behind.on('error', () => socket.destroy())
    behind.on('close', () => socket.destroy())
    socket.on('close', () => behind.destroy())
  })
  const started = await listening(server)
  const proxy: ProxyServer = Object.assign(started, {
    url: `http://127.0.0.1:${started.port}`,
    asked,
    refusal,
  })
  return proxy
}

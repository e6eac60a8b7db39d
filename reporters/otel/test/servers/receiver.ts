import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createTlsServer, type ServerOptions } from 'node:https'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import { received, type Received } from '../received.ts'

interface Request {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  /** Undefined for anything but JSON. */
  readonly json: unknown
  /** Whether spans or metrics are in it. */
  readonly isEmpty: boolean
}

export interface Receiver {
  readonly url: string
  readonly requests: readonly Request[]
  /** What was sent in JSON and accepted. */
  received(): Received
  /** Nothing listens any more. */
  close(): Promise<void>
  /** Listens on the same port again. */
  open(): Promise<void>
}

/** Answers a request in its own way and returns true, or leaves it to the receiver, which then takes everything. */
type Misbehave = (request: Request, response: ServerResponse) => boolean | void

/** A small OTLP receiver, which can do what a collector should not. */
export async function startReceiver(
  misbehave: Misbehave = () => false,
  tls?: ServerOptions,
): Promise<Receiver> {
  const requests: Request[] = []
  const accepted: unknown[] = []
  const listener: RequestListener = async (message, response) => {
    const { headers, url: path = '' } = message
    const body = await buffer(message)
    const plain = headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body
    const type = headers['content-type'] ?? ''
    const json: unknown = type === 'application/json' ? JSON.parse(plain.toString()) : undefined
    // the first request for a signal only looks whether it would arrive
    const isEmpty =
      json === undefined ? requests.every((before) => before.path !== path) : isEmptyRequest(json)
    const request = { path, headers, json, isEmpty }
    requests.push(request)
    if (misbehave(request, response) === true) return
    accepted.push(json)
    response.writeHead(200, { 'content-type': type }).end(json === undefined ? '' : '{"partialSuccess":{}}')
  }
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener)
  const listen = async (port: number): Promise<number> => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }
  const port = await listen(0)
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    requests,
    received: () => received(accepted.filter((json) => json !== undefined)),
    async close() {
      if (!server.listening) return
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
    open: async () => void (await listen(port)),
  }
}

function isEmptyRequest(json: unknown): boolean {
  const { points, spans } = received([json])
  return points.length === 0 && spans.length === 0
}

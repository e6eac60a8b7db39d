import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Loopback, LoopbackOptions } from '@cloudbench/core'
import { serveLoopback, type Behaviour } from '@cloudbench/driver-kit/loopback'

const failure = Buffer.from('{"error":"requested failure"}')
const empty = Buffer.from('{"ok":true}')

/** Starts an HTTP server on loopback that answers every path with JSON and does no work. */
export function loopback(options: LoopbackOptions): Promise<Loopback> {
  return serveLoopback(options, (behaviour) => {
    const server = createServer((request, response) => receive(request, response, behaviour))
    // connections stay open until the client closes them
    server.keepAliveTimeout = 0
    server.requestTimeout = 0
    server.headersTimeout = 0
    return { server, target: (port) => `http://127.0.0.1:${port}` }
  })
}

function receive(request: IncomingMessage, response: ServerResponse, behaviour: Behaviour): void {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    behaviour.admit((isFailure) => {
      const body = isFailure ? failure : echoOf(chunks)
      response.writeHead(isFailure ? 500 : 200, {
        'content-type': 'application/json',
        'content-length': body.length,
      })
      response.end(body)
    })
  })
}

/** Echoes the id of the request, so that answers can be told apart. */
function echoOf(chunks: readonly Buffer[]): Buffer {
  if (chunks.length === 0) return empty
  try {
    const { id } = JSON.parse(Buffer.concat(chunks).toString()) as { readonly id?: unknown }
    return id === undefined ? empty : Buffer.from(JSON.stringify({ id, ok: true }))
  } catch {
    // not a JSON object, so there is no id
    return empty
  }
}

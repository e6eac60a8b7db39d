import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Loopback, LoopbackOptions } from '@cloudbench/core'
import { createBehaviour, listenOnLoopback, type Behaviour } from '@cloudbench/driver-kit/loopback'

const failure = Buffer.from('{"error":"a failure that was asked for"}')
const empty = Buffer.from('{"ok":true}')

/** Starts an HTTP server on loopback that answers every path with JSON and does no work. */
export async function loopback(options: LoopbackOptions): Promise<Loopback> {
  const behaviour = createBehaviour(options)
  const server = createServer((request, response) => receive(request, response, behaviour))
  // connections stay open until the client closes them
  server.keepAliveTimeout = 0
  server.requestTimeout = 0
  server.headersTimeout = 0
  const port = await listenOnLoopback(server, options.port)
  const die = (): void => {
    behaviour.close()
    server.close()
    server.closeAllConnections()
  }
  const dying = options.dieAfterMs === undefined ? undefined : setTimeout(die, options.dieAfterMs)
  return {
    target: `http://127.0.0.1:${port}`,
    async close() {
      clearTimeout(dying)
      if (!server.listening) return
      const closed = new Promise((resolve) => server.once('close', resolve))
      die()
      await closed
    },
  }
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

/** The id that was sent, so that an answer can be told from another. */
function echoOf(chunks: readonly Buffer[]): Buffer {
  if (chunks.length === 0) return empty
  try {
    const { id } = JSON.parse(Buffer.concat(chunks).toString()) as { readonly id?: unknown }
    return id === undefined ? empty : Buffer.from(JSON.stringify({ id, ok: true }))
  } catch {
    // text, or JSON that is no object: there is no id
    return empty
  }
}

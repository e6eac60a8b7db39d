import { createServer, type ServerHttp2Stream } from 'node:http2'
import { listening, type TestServer } from '@cloudbench/fixtures/tcp-server'

export const okHead = { ':status': 200, 'content-type': 'application/grpc' } as const

/** The frame of one message. */
export function framed(message: Uint8Array, isCompressed = false): Buffer {
  const head = Buffer.alloc(5)
  head[0] = isCompressed ? 1 : 0
  head.writeUInt32BE(message.length, 1)
  return Buffer.concat([head, message])
}

/** Answers with headers, a body and trailers. */
export function answerWith(
  stream: ServerHttp2Stream,
  headers: Readonly<Record<string, string>>,
  body: Buffer,
  trailers: Readonly<Record<string, string>>,
): void {
  stream.respond({ ...okHead, ...headers }, { waitForTrailers: true })
  stream.on('wantTrailers', () => stream.sendTrailers(trailers))
  stream.end(body)
}

/** A server that answers calls of the shop on the level of HTTP/2, and has no other service. */
export async function rawServer(
  answer: (stream: ServerHttp2Stream) => void,
): Promise<TestServer & { readonly target: string }> {
  const server = createServer()
  server.on('stream', (stream, headers) => {
    stream.on('error', () => {})
    if (headers[':path']?.startsWith('/shop.') === true) answer(stream)
    else stream.respond({ ...okHead, 'grpc-status': '12' }, { endStream: true })
  })
  const listened = await listening(server)
  return Object.assign(listened, { target: `grpc://127.0.0.1:${listened.port}` })
}

import { connect } from 'node:http2'
import type { Probe } from '../definition.ts'

/** `SERVING`, as the only field of the answer; from grpc/health/v1/health.proto. */
const serving = Buffer.from([0x08, 0x01])
/** Every message is preceded by a flag and four bytes of length. */
const prefixBytes = 5

/** Asks a gRPC server on 127.0.0.1 whether it is serving a service. Never rejects. */
export function probeGrpc(port: number, service: string, timeoutMs: number): Promise<Probe> {
  const { promise, resolve } = Promise.withResolvers<Probe>()
  const session = connect(`http://127.0.0.1:${port}`)
  const settle = (probe: Probe): void => {
    clearTimeout(timer)
    session.destroy()
    resolve(probe)
  }
  const refuse = (why: string): void => settle({ usable: false, why })
  const timer = setTimeout(() => refuse(`no answer to a health check within ${timeoutMs} ms`), timeoutMs)
  session.on('error', (error) => refuse(error.message))
  session.on('close', () => refuse('it is not speaking HTTP/2'))

  const stream = session.request({
    ':method': 'POST',
    ':path': '/grpc.health.v1.Health/Check',
    'content-type': 'application/grpc',
    te: 'trailers',
  })
  const chunks: Buffer[] = []
  let status: unknown
  let isGrpc = false
  stream.on('response', (headers) => {
    isGrpc = String(headers['content-type']).startsWith('application/grpc')
    status = headers['grpc-status']
  })
  stream.on('trailers', (trailers) => (status = trailers['grpc-status']))
  stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  stream.on('error', (error) => refuse(error.message))
  stream.on('end', () => {
    const answer = Buffer.concat(chunks).subarray(prefixBytes)
    if (!isGrpc) refuse('it is not speaking gRPC')
    else if (status !== '0') refuse(`it answers a health check of ${service} with status ${String(status)}`)
    else if (answer.equals(serving)) settle({ usable: true })
    else refuse(`it is not serving ${service} now`)
  })
  stream.end(question(service))
  return promise
}

/** The message `{ service }` in its frame. */
function question(service: string): Buffer {
  const name = Buffer.from(service)
  const message = Buffer.concat([Buffer.from([0x0a, name.length]), name])
  const prefix = Buffer.alloc(prefixBytes)
  prefix.writeUInt32BE(message.length, 1)
  return Buffer.concat([prefix, message])
}

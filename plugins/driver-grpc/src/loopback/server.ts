import { createServer } from 'node:net'
import type { Loopback, LoopbackOptions } from '@cloudbench/core'
import { serveLoopback } from '@cloudbench/driver-kit/loopback'
import { ServerCredentials } from '@grpc/grpc-js'
import { readDemo } from './demo-service.ts'
import { createDemo } from './demo.ts'
import { createDemoServer } from './grpc.ts'
import { createJsonFront } from './json.ts'
import { addReflection } from './reflection.ts'

/** The first bytes of every HTTP/2 connection. */
const preface = 'PRI * HTTP/2'

/** Starts a server on loopback with the demo service: gRPC, and its HTTP/JSON form on the same port. */
export function loopback(options: LoopbackOptions): Promise<Loopback> {
  return serveLoopback(options, (behaviour) => {
    const registry = readDemo()
    const demo = createDemo(registry)
    const grpc = createDemoServer(demo, behaviour)
    for (const version of ['v1', 'v1alpha'] as const) addReflection(grpc, registry, version)
    const injector = grpc.createConnectionInjector(ServerCredentials.createInsecure())
    const front = createJsonFront(demo, behaviour)
    const server = createServer((socket) => {
      socket.once('data', (first: Buffer) => {
        socket.pause()
        socket.unshift(first)
        if (first.toString('latin1').startsWith(preface)) injector.injectConnection(socket)
        else {
          front.emit('connection', socket)
          socket.resume()
        }
      })
    })
    return {
      server,
      target: (port) => `grpc://127.0.0.1:${port}`,
      stop: () => grpc.forceShutdown(),
    }
  })
}

import { createServer, type Socket } from 'node:net'
import type { Loopback, LoopbackOptions } from '@cloudbench/core'
import { createBehaviour, listenOnLoopback } from '@cloudbench/driver-kit/loopback'
import { ServerCredentials } from '@grpc/grpc-js'
import { createDemo } from './demo.ts'
import { createDemoServer } from './grpc.ts'
import { createJsonFront } from './json.ts'
import { addReflection } from './reflection.ts'
import { readDemo } from './demo-service.ts'

/** The first bytes of every HTTP/2 connection. */
const preface = 'PRI * HTTP/2'

/** Starts a server on loopback with the demo service: gRPC, and its HTTP/JSON form on the same port. */
export async function loopback(options: LoopbackOptions): Promise<Loopback> {
  const behaviour = createBehaviour(options)
  const registry = readDemo()
  const demo = createDemo(registry)
  const grpc = createDemoServer(demo, behaviour)
  for (const version of ['v1', 'v1alpha'] as const) addReflection(grpc, registry, version)
  const injector = grpc.createConnectionInjector(ServerCredentials.createInsecure())
  const front = createJsonFront(demo, behaviour)
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.setNoDelay(true)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
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
  const port = await listenOnLoopback(server, options.port)
  const die = (): void => {
    behaviour.close()
    server.close()
    grpc.forceShutdown()
    for (const socket of sockets) socket.destroy()
  }
  const dying = options.dieAfterMs === undefined ? undefined : setTimeout(die, options.dieAfterMs)
  return {
    target: `grpc://127.0.0.1:${port}`,
    async close() {
      clearTimeout(dying)
      if (!server.listening) return
      const closed = new Promise((resolve) => server.once('close', resolve))
      die()
      await closed
    },
  }
}

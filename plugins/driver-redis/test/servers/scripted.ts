import { createServer, type Socket } from 'node:net'
import { serveLoopback } from '@cloudbench/driver-kit/loopback'
import { onTestFinished } from 'vitest'

/** A server on loopback that does what the test says with each socket. Closed with the test. */
export async function scriptedServer(onSocket: (socket: Socket) => void): Promise<string> {
  const { target, close } = await serveLoopback({}, () => ({
    server: createServer(onSocket),
    target: (port) => `redis://127.0.0.1:${port}`,
  }))
  onTestFinished(close)
  return target
}

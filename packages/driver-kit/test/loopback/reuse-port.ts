import { createServer } from 'node:net'
import { messageOf } from '@cloudbench/core'
import { serveLoopback } from '../../src/loopback.ts'

// one of several processes behind a port: says where it listens, and answers every connection with its number

const [, , port = '0', reusePort] = process.argv

try {
  const { target } = await serveLoopback({ port: Number(port), reusePort: reusePort === 'shared' }, () => ({
    server: createServer((socket) => socket.end(String(process.pid))),
    target: (listening) => String(listening),
  }))
  process.send?.({ port: Number(target) })
} catch (error) {
  process.send?.({ error: messageOf(error) })
  process.disconnect()
}

import { createServer } from 'node:net'
import type { Loopback, LoopbackOptions } from '@cloudbench/core'
import { serveLoopback } from '@cloudbench/driver-kit/loopback'
import { serve } from './backend.ts'
import { createStore } from './store.ts'

/** Starts a server on loopback that speaks the PostgreSQL protocol and keeps tables in memory. */
export async function loopback(options: LoopbackOptions): Promise<Loopback> {
  const execute = createStore()
  return await serveLoopback(options, ({ admit }) => ({
    server: createServer((socket) => serve(socket, execute, admit)),
    target: (port) => `postgres://postgres@127.0.0.1:${port}/postgres`,
  }))
}

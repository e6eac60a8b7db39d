import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Facts } from '@cloudbench/core'
import { environmentContext, type TestContext } from '@cloudbench/fixtures/environment-context'
import { onTestFinished } from 'vitest'
import { discover } from '../src/discover.ts'
import { options as schema, type ImdsOptions } from '../src/options.ts'

export interface Service {
  readonly url: string
  /** `GET /path`, in the order of their arrival. */
  readonly asked: readonly string[]
  /** How many connections are open. */
  readonly openCount: () => number
}

/** A service on loopback, for as long as the test runs. */
export async function serve(listener: RequestListener): Promise<Service> {
  const asked: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    listener(request, response)
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    openCount: () => sockets.size,
  }
}

/** No firmware, unless there is a root. */
export function contextOf(
  input: Record<string, unknown>,
  facts: Record<string, Facts> = {},
): TestContext<ImdsOptions> {
  return environmentContext(schema.parse({ root: '/nonexistent', ...input }), facts)
}

/** Discovers with time to spare, so that a busy machine fails no test; an option below is not overridden. */
export async function discovered(
  input: Record<string, unknown>,
): Promise<{ readonly facts: Facts; readonly warnings: readonly string[] }> {
  const context = contextOf(input)
  const budgetMs = input['budgetMs'] === undefined ? 60_000 : context.options.budgetMs
  const facts = await discover({ ...context, options: { ...context.options, budgetMs } })
  return { facts, warnings: context.warnings }
}

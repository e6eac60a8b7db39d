import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { CloudbenchError, messageOf } from '@cloudbench/core'
import { pageOf, policyOf, type Parts } from '../page.ts'
import { createAccess, type Access } from './access.ts'
import { createAudience, type Audience } from './audience.ts'
import { headers } from './headers.ts'

export interface LiveServer {
  /** With the token in it. */
  readonly url: string
  /** There is something new to show. */
  changed(): void
  /** Tells everyone the end, waits a moment until they have heard it, and closes. */
  end(file: string | undefined): Promise<void>
}

/** How long the end of a run waits for pages that are slow to hear of it. */
const farewellMs = 500

/** Serves the page of a run that goes on, on loopback. */
export async function startServer(port: number, parts: () => Parts): Promise<LiveServer> {
  const audience = createAudience(parts)
  let access: Access
  const server = createServer((request, response) => {
    const path = access.allow(request)
    if (path === '') return sendPage(response, parts())
    if (path === 'events') return audience.join(response)
    return refuse(response, typeof path === 'number' ? path : 404)
  })
  // it must never be what keeps a process alive
  server.on('connection', (socket) => socket.unref()).unref()
  server.maxConnections = 64
  await listen(server, port)
  const { port: own } = server.address() as AddressInfo
  access = createAccess(own)
  return {
    url: `http://127.0.0.1:${own}/${access.token}/`,
    changed: () => audience.tell(),
    end: (file) => end(server, audience, file),
  }
}

async function end(server: Server, audience: Audience, file: string | undefined): Promise<void> {
  if (!server.listening) return
  server.close()
  await Promise.race([audience.dismiss({ file }), sleep(farewellMs, undefined, { ref: true })])
  server.closeAllConnections()
}

async function listen(server: Server, port: number): Promise<void> {
  try {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  } catch (cause) {
    throw new CloudbenchError({
      code: 'CB_OUTPUT',
      what: `the live page cannot be served on 127.0.0.1:${port}: ${messageOf(cause)}`,
      expected: 'a port that is free',
      next: 'leave the option port out for any that is',
      cause,
    })
  }
}

function sendPage(response: ServerResponse, parts: Parts): void {
  response.writeHead(200, {
    ...headers,
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': `${policyOf(true)}; frame-ancestors 'none'`,
    'cross-origin-opener-policy': 'same-origin',
  })
  response.end(pageOf(parts, 'events'))
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { ...headers, 'content-length': 0, connection: 'close' })
  response.end()
}

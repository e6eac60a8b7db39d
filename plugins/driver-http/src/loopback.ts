import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CloudbenchError, messageOf, type Loopback, type LoopbackOptions } from '@cloudbench/core'
import { createBehaviour, type Behaviour, type BehaviourClock } from './behaviour.ts'

const failure = Buffer.from('{"error":"a failure that was asked for"}')
const empty = Buffer.from('{"ok":true}')

const clock: BehaviourClock = {
  now: () => performance.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, Math.ceil(delayMs))
    return () => clearTimeout(timer)
  },
}

/** Starts an HTTP server on loopback that answers every path with JSON and does no work. */
export async function loopback(options: LoopbackOptions): Promise<Loopback> {
  assertPossible(options)
  const behaviour = createBehaviour(options, clock)
  const server = createServer((request, response) => receive(request, response, behaviour))
  // connections stay open until the client closes them
  server.keepAliveTimeout = 0
  server.requestTimeout = 0
  server.headersTimeout = 0
  await listen(server, options.port ?? 0)
  const die = (): void => {
    behaviour.close()
    server.close()
    server.closeAllConnections()
  }
  const dying = options.dieAfterMs === undefined ? undefined : setTimeout(die, options.dieAfterMs)
  return {
    target: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
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

function assertPossible({ capacityPerSecond, failureRate, stall }: LoopbackOptions): void {
  const expected =
    capacityPerSecond !== undefined && !(capacityPerSecond > 0)
      ? 'a capacityPerSecond above 0'
      : failureRate !== undefined && !(failureRate >= 0 && failureRate <= 1)
        ? 'a failureRate from 0 to 1'
        : stall?.periodMs !== undefined && stall.periodMs <= stall.stallMs
          ? 'a stall.periodMs longer than stall.stallMs'
          : undefined
  if (expected !== undefined)
    throw new CloudbenchError({
      code: 'CB_PLUGIN_OPTIONS',
      what: 'the http loopback cannot behave as asked',
      expected,
    })
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      reject(
        new CloudbenchError({
          code: 'CB_TARGET',
          what: `the http loopback cannot listen on 127.0.0.1:${port}: ${messageOf(cause)}`,
          expected: 'a free port',
          next: 'leave the port out to get any free one',
          cause,
        }),
      )
    })
    server.listen(port, '127.0.0.1', resolve)
  })
}

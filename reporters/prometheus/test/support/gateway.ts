import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { delimiter, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '@cloudbench/fixtures/free-port'
import { afterAll, onTestFinished } from 'vitest'

const required = (process.env['CLOUDBENCH_REQUIRE_SERVICES'] ?? '').split(/[\s,]+/)

/** Tests with a real service are skipped where it is not installed, unless the environment requires it. */
export function isMissing(service: string, program: string): boolean {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return !required.includes(service) && !folders.some((folder) => existsSync(join(folder, program)))
}

export const withoutPushgateway = isMissing('pushgateway', 'prometheus-pushgateway')

export interface RealGateway {
  readonly url: string
  /** What it would be scraped for. */
  metrics(): Promise<string>
  kill(): Promise<void>
  /** Again on the same port, without anything in it. */
  start(): Promise<void>
}

/** A Pushgateway on loopback that ends with the test. */
export async function realGateway(): Promise<RealGateway> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  let child: ReturnType<typeof spawn> | undefined
  const kill = async (): Promise<void> => {
    if (child?.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  const start = async (): Promise<void> => {
    const flags = [`--web.listen-address=127.0.0.1:${port}`, '--persistence.file=']
    child = spawn('prometheus-pushgateway', flags, { stdio: 'ignore' })
    await answering(`${url}/-/ready`)
  }
  onTestFinished(kill)
  await start()
  return { url, kill, start, metrics: async () => (await fetch(`${url}/metrics`)).text() }
}

/** Waits until a page is there. */
export async function answering(url: string): Promise<void> {
  for (;;) {
    const response = await fetch(url).catch(() => undefined)
    await response?.arrayBuffer()
    if (response?.ok) return
    await sleep(20)
  }
}

interface Asked {
  readonly method: string
  readonly path: string
  readonly authorization: string | undefined
  readonly body: string
}

export interface StandIn {
  readonly url: string
  readonly asked: readonly Asked[]
}

type Answer = (response: ServerResponse, asked: Asked) => void

/** Not a Pushgateway, but what it is told is kept, and it can misbehave. It ends with the test file. */
export async function standIn(answer: Answer = (response) => response.end()): Promise<StandIn> {
  const asked: Asked[] = []
  const hear = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = '', url = '', headers } = request
    const one = { method, path: url, authorization: headers.authorization, body: await text(request) }
    asked.push(one)
    answer(response, one)
  }
  const server = createServer((request, response) => void hear(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  afterAll(() => {
    server.close()
    server.closeAllConnections()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

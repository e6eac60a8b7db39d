import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CloudbenchError, messageOf } from '@cloudbench/core'
import { formatDuration } from '@cloudbench/core/text'
import { contentType } from './exposition.ts'
import type { PrometheusOptions } from './options.ts'

/** A page that Prometheus scrapes. */
export interface Scrape {
  readonly url: string
  /** Resolves once a scrape that began after this call was answered, and rejects when none comes in time. */
  scraped(limitMs: number): Promise<void>
  close(): Promise<void>
}

/** @param text What the page says now. */
export async function createScrape(
  { host, port }: NonNullable<PrometheusOptions['listen']>,
  text: () => Promise<string>,
): Promise<Scrape> {
  let onScrape = (): void => {}
  const server = createServer((request, response) => {
    const { method = '', url = '' } = request
    const isRead = method === 'GET' || method === 'HEAD'
    if (!isRead || url.split('?')[0] !== '/metrics') {
      response.writeHead(isRead ? 404 : 405, { 'content-type': 'text/plain' }).end('see /metrics\n')
      return
    }
    if (method === 'HEAD') response.writeHead(200, { 'content-type': contentType }).end()
    else void answer(response, text, onScrape)
  })
  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (error) {
    throw new CloudbenchError({
      code: 'CB_OUTPUT',
      what: `Prometheus cannot scrape ${host}:${port}: ${messageOf(error)}`,
      expected: 'an address of this machine, and a port that nothing else listens on',
      next: 'change the option listen',
      cause: error,
    })
  }
  const { address, port: actual, family } = server.address() as AddressInfo
  const url = `http://${family === 'IPv6' ? `[${address}]` : address}:${actual}/metrics`
  return {
    url,
    async scraped(limitMs) {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      onScrape = resolve
      const timer = setTimeout(
        reject,
        limitMs,
        new CloudbenchError({
          code: 'CB_OUTPUT',
          what: `nothing scraped the last values at ${url} within ${formatDuration(limitMs)}`,
          expected: 'a Prometheus that scrapes more often',
          next: 'linger: 0s, if the last values may get lost',
        }),
      )
      await promise.finally(() => clearTimeout(timer))
    },
    async close() {
      if (!server.listening) return
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

async function answer(
  response: ServerResponse,
  text: () => Promise<string>,
  onAnswered: () => void,
): Promise<void> {
  try {
    const body = await text()
    response.on('finish', onAnswered)
    response.writeHead(200, { 'content-type': contentType }).end(body)
  } catch (error) {
    response.writeHead(500).end(messageOf(error))
  }
}

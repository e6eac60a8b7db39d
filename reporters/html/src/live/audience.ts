import type { ServerResponse } from 'node:http'
import type { Parts } from '../page.ts'
import type { Ending } from './ending.ts'
import { headers } from './headers.ts'

/** The pages that follow a run. */
export interface Audience {
  join(response: ServerResponse): void
  /** Tells them what is new: soon, and at most once in a while. */
  tell(): void
  /** Tells them the last, and resolves when they have heard it. */
  dismiss(ending: Ending): Promise<void>
}

const mostClients = 16
const pauseMs = 1_000
/** Making a page takes at most this share of a processor. */
const busiestShare = 0.05
/** One that reads nothing for so long is let go. */
const patienceMs = 30_000

/** No browser gets more than the latest state: one that is slow misses what came between, and is never waited for. */
export function createAudience(parts: () => Parts): Audience {
  const clients = new Map<ServerResponse, { staleSince: number | undefined }>()
  let timer: NodeJS.Timeout | undefined
  let notBefore = 0
  let isNew = false
  const tellAll = (): void => {
    timer = undefined
    const ready = [...clients].filter(([response]) => response.writableLength === 0)
    for (const [response, client] of clients)
      if (response.writableLength > 0) {
        client.staleSince ??= performance.now()
        if (performance.now() - client.staleSince > patienceMs) response.destroy()
      } else client.staleSince = undefined
    if (ready.length === 0) return
    isNew = false
    const beganMs = performance.now()
    const event = stateEvent(parts())
    for (const [response] of ready) response.write(event)
    const tookMs = performance.now() - beganMs
    notBefore = performance.now() + Math.max(pauseMs, tookMs / busiestShare)
  }
  const schedule = (): void => {
    if (clients.size === 0) return
    timer ??= setTimeout(tellAll, Math.max(0, notBefore - performance.now())).unref()
  }
  return {
    join(response) {
      if (clients.size >= mostClients) {
        response.writeHead(503, headers).end()
        return
      }
      response.writeHead(200, { ...headers, 'content-type': 'text/event-stream; charset=utf-8' })
      clients.set(response, { staleSince: undefined })
      response.on('close', () => clients.delete(response))
      response.on('error', () => response.destroy())
      response.on('drain', () => isNew && schedule())
      response.write('retry: 1000\n\n')
      response.write(stateEvent(parts()))
    },
    tell() {
      isNew = true
      schedule()
    },
    async dismiss(ending) {
      clearTimeout(timer)
      if (clients.size === 0) return
      const last = `${stateEvent(parts())}event: over\ndata: ${JSON.stringify(ending)}\n\n`
      await Promise.all(
        [...clients.keys()].map(
          async (response) =>
            await new Promise<void>((resolve) => {
              response.once('close', resolve)
              response.end(last)
            }),
        ),
      )
    },
  }
}

/** JSON has no line breaks of its own. */
function stateEvent({ html, charts, title }: Parts): string {
  return `event: state\ndata: {"html":${JSON.stringify(html)},"title":${JSON.stringify(title)},"charts":${charts}}\n\n`
}

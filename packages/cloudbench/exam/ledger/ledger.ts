import { createServer } from 'node:http'
import { listenOnLoopback } from '@cloudbench/driver-kit/loopback'

/** How a server that keeps a ledger answers. Times in milliseconds. */
export interface Service {
  /** The same for each request, or the mean of exponential times. */
  readonly serviceMs: number
  readonly isExponential?: boolean
  /** One request at a time, first come, first served; else all at once. */
  readonly hasQueue?: boolean
  /** When it stands still, since its first request. A request that is being served then is answered in time. */
  readonly stalls?: readonly Stall[]
  /** One request in so many takes `slowMs` instead. */
  readonly slowEvery?: number
  readonly slowMs?: number
  /** One request in so many is never answered. */
  readonly silentEvery?: number
  /** What the ledger says of the time that a request takes, times the truth: for a test of the exam itself. @default 1 */
  readonly lie?: number
}

export interface Stall {
  readonly fromMs: number
  readonly stallMs: number
}

/** A request. Times on the server's clock. */
export interface Entry {
  /** Its number, from its path. */
  readonly index: number
  readonly atMs: number
  /** What it takes, without waiting. */
  readonly serviceMs: number
  /** When it was to be answered, and when it was; Infinity for never is null in JSON. */
  readonly plannedMs: number | null
  readonly repliedMs: number | null
}

export interface Ledger {
  readonly entries: readonly Entry[]
  /** When the first request came, from which stalls count. */
  readonly startMs: number
}

/** A pattern of requests that is not that of the connections. */
const offset = 3

/** A server that plans each answer when the request comes, keeps to the plan as far as its timers do, and writes both down. */
export async function keepLedger(
  service: Service,
): Promise<{ readonly url: string; readonly ledger: () => Ledger }> {
  const entries: (Entry & { repliedMs: number | null })[] = []
  let startMs = 0
  let freeMs = 0
  const server = createServer((request, response) => {
    const atMs = performance.now()
    if (entries.length === 0) startMs = atMs
    const index = Number(request.url!.slice(1))
    const serviceMs = serviceMsOf(service, index)
    const idleMs = service.hasQueue ? Math.max(freeMs, atMs) : atMs
    const plannedMs = awakeAt(idleMs, startMs, service.stalls) + serviceMs
    if (service.hasQueue) freeMs = plannedMs
    const isSilent = service.silentEvery !== undefined && index % service.silentEvery === offset
    const entry = {
      index,
      atMs,
      serviceMs: serviceMs * (service.lie ?? 1),
      plannedMs: isSilent ? null : plannedMs,
      repliedMs: null as number | null,
    }
    entries.push(entry)
    request.resume()
    if (isSilent) return
    const answer = (): void => {
      entry.repliedMs = performance.now()
      response.setHeader('content-type', 'application/json').end('{}')
    }
    if (plannedMs <= atMs) answer()
    else setTimeout(answer, plannedMs - atMs)
  })
  return {
    url: `http://127.0.0.1:${await listenOnLoopback(server)}`,
    ledger: () => ({ entries, startMs }),
  }
}

/** When a server that could begin at a time begins. */
export function awakeAt(idleMs: number, startMs: number, stalls: readonly Stall[] = []): number {
  const stall = stalls.find(
    ({ fromMs, stallMs }) => idleMs >= startMs + fromMs && idleMs < startMs + fromMs + stallMs,
  )
  return stall === undefined ? idleMs : startMs + stall.fromMs + stall.stallMs
}

function serviceMsOf({ serviceMs, isExponential, slowEvery, slowMs }: Service, index: number): number {
  if (slowEvery !== undefined && index % slowEvery === offset) return slowMs ?? serviceMs
  return isExponential ? -serviceMs * Math.log(1 - Math.random()) : serviceMs
}

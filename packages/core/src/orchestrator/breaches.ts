import { countArrivals, expectedArrivals, type Slice } from '../load/schedule.ts'
import type { FlowMetrics, Load } from '../plugin/model.ts'
import type { FlowTotals } from '../protocol/protocol.ts'

/** Counting a Poisson schedule again costs time; beyond this many arrivals it is left out. */
const recountLimit = 5_000_000
/** Little's law may be off by this share: both sides are sums of rounded times. */
const littleTolerance = 0.001

export interface Account {
  readonly flow: string
  readonly load: Load
  readonly salt: number
  /** Merged from the intervals of all workers. */
  readonly metrics: FlowMetrics
  /** What each worker counted; undefined for one that died. */
  readonly totals: readonly (FlowTotals | undefined)[]
  /** Whether the phase ran to the end of its schedule. */
  readonly isComplete: boolean
}

/** Takes whether a law holds, and the message for when it does not. */
type Law = (holds: boolean, text: string) => void

/** The laws of accounting that a flow's numbers break. Any of them means that the numbers cannot be trusted. */
export function breachesOf(account: Account): string[] {
  const breaches: string[] = []
  const law: Law = (holds, text) => {
    if (!holds) breaches.push(`${account.flow}: ${text}`)
  }
  const alive = account.totals.filter((worker) => worker !== undefined)
  for (const worker of alive) checkWorker(worker, law)
  if (alive.length === account.totals.length) checkSums(account, alive, law)
  checkDistributions(account, law)
  return breaches
}

/** Each worker's own totals add up. */
function checkWorker(worker: FlowTotals, law: Law): void {
  const { scheduled, sent, unsent, done, timedOut, unanswered, surplusAnswers } = worker
  law(scheduled === sent + unsent, `scheduled ${scheduled} ≠ sent ${sent} + unsent ${unsent}`)
  law(
    sent === done + timedOut + unanswered,
    `sent ${sent} ≠ answered ${done} + timed out ${timedOut} + unanswered ${unanswered}`,
  )
  law(surplusAnswers === 0, `the driver answered ${surplusAnswers} requests more than once`)
}

/** The intervals match the workers' totals, and the workers followed the schedule. */
function checkSums(account: Account, workers: readonly FlowTotals[], law: Law): void {
  const { load, metrics, salt, isComplete } = account
  const { total } = metrics
  const sum = (name: keyof FlowTotals): number => workers.reduce((all, worker) => all + worker[name], 0)
  law(
    total.sent === sum('sent'),
    `the intervals have ${total.sent} requests, the workers sent ${sum('sent')}`,
  )
  law(
    total.unsent === sum('unsent'),
    `the intervals have ${total.unsent} unsent arrivals, the workers ${sum('unsent')}`,
  )
  if (isComplete && load.model === 'open') {
    const planned = arrivalsOf(load, salt, workers.length)
    law(
      planned === undefined || planned === sum('scheduled'),
      `the schedule has ${planned} arrivals, the workers had ${sum('scheduled')}`,
    )
  }
  const gaugeMs = sum('inFlightMs')
  const requestMs = sum('requestMs')
  law(
    isClose(gaugeMs, requestMs),
    `Little's law: ${gaugeMs.toFixed(3)} request-ms in flight, but requests took ${requestMs.toFixed(3)} ms`,
  )
  law(
    isClose(metrics.inFlightMs, gaugeMs),
    `the intervals have ${metrics.inFlightMs.toFixed(3)} request-ms in flight, the workers ${gaugeMs.toFixed(3)}`,
  )
}

/** Every request is in the right distributions, exactly once. */
function checkDistributions({ load, metrics: { total } }: Account, law: Law): void {
  const { ok, failed, timedOut, unanswered, unsent, sent } = total
  const succeeded = ok + timedOut + unanswered
  law(
    total.service.count === succeeded,
    `service has ${total.service.count} values for ${succeeded} requests`,
  )
  law(total.failures.count === failed, `failures has ${total.failures.count} values for ${failed} requests`)
  if (load.model !== 'open') return
  law(
    total.response.count === succeeded + unsent,
    `response has ${total.response.count} values for ${succeeded + unsent} arrivals`,
  )
  law(total.lag.count === sent, `lag has ${total.lag.count} values for ${sent} requests`)
}

function isClose(valueMs: number, expectedMs: number): boolean {
  return Math.abs(valueMs - expectedMs) <= Math.max(1, littleTolerance * expectedMs)
}

/** How many arrivals the schedule has, counted afresh. */
function arrivalsOf(
  load: Extract<Load, { model: 'open' }>,
  salt: number,
  workers: number,
): number | undefined {
  if (expectedArrivals(load) > recountLimit) return undefined
  const stride = Math.min(workers, load.connections)
  const slices = Array.from({ length: stride }, (_, first): Slice => ({ first, stride }))
  return slices.reduce((sum, slice) => sum + countArrivals(load, salt, slice), 0)
}

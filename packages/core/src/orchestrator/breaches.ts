import { countArrivals } from '../load/schedule.ts'
import { answeredInTime } from '../metrics/metrics.ts'
import type { FlowMetrics, Load } from '../plugin/model.ts'
import type { FlowTotals } from '../protocol/protocol.ts'

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
  /** What rates and means are over. */
  readonly elapsedMs: number
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
  if (alive.length === account.totals.length) {
    checkSums(account, alive, law)
    checkWindow(account, alive, law)
  }
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
    const planned = countArrivals(load, salt)
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

/** Rates and means are over the same time as what they count: no more fits in than there are places for. */
function checkWindow({ load, metrics, elapsedMs }: Account, workers: readonly FlowTotals[], law: Law): void {
  const sum = (name: keyof FlowTotals): number => workers.reduce((all, worker) => all + worker[name], 0)
  const [laneMs, slotMs, requestMs] = [sum('laneMs'), sum('slotMs'), sum('requestMs')]
  law(
    isWithin(laneMs, load.connections * elapsedMs),
    `${(laneMs / elapsedMs).toFixed(3)} connections in use, of ${load.connections}`,
  )
  law(
    isWithin(metrics.inFlightMs, slotMs),
    `${(metrics.inFlightMs / elapsedMs).toFixed(3)} requests in flight, with ${(slotMs / elapsedMs).toFixed(3)} places for them`,
  )
  law(
    isClose(requestMs + sum('waitMs'), slotMs),
    `N/X = R + Z: ${requestMs.toFixed(3)} ms of requests and ${sum('waitMs').toFixed(3)} ms between them do not fill ${slotMs.toFixed(3)} ms of places`,
  )
  const { total } = metrics
  const shortest = [total.service, total.failures]
    .filter(({ count }) => count > 0)
    .map(({ min }) => min / 1e6)
  const thinkMs = load.model === 'closed' ? load.thinkMs * Math.max(0, sum('sent') - sum('slotsAdded')) : 0
  const leastMs = answeredInTime(total) * Math.min(...shortest, Infinity)
  law(
    shortest.length === 0 || isWithin(leastMs + thinkMs, slotMs),
    `N/X ≥ R + Z: answers take ${leastMs.toFixed(3)} ms at least, and thinking ${thinkMs.toFixed(3)} ms, of ${slotMs.toFixed(3)} ms of places`,
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

function isWithin(valueMs: number, mostMs: number): boolean {
  return valueMs <= mostMs || isClose(valueMs, mostMs)
}

function isClose(valueMs: number, expectedMs: number): boolean {
  return Math.abs(valueMs - expectedMs) <= Math.max(1, littleTolerance * expectedMs)
}

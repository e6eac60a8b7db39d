import type { FlowMetrics, Load } from '../plugin/model.ts'
import type { FlowTotals } from '../protocol/protocol.ts'
import { countArrivals, expectedArrivals, type Slice } from '../load/schedule.ts'

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
  /** What each worker counted by itself; undefined for one that died. */
  readonly totals: readonly (FlowTotals | undefined)[]
  /** Whether the phase ran to the end of its schedule. */
  readonly isComplete: boolean
}

/** The laws of accounting that a flow's numbers break. Any of them means that the numbers cannot be trusted. */
export function breachesOf(account: Account): string[] {
  const { flow, load, metrics, totals } = account
  const breaches: string[] = []
  const law = (holds: boolean, text: string): void => {
    if (!holds) breaches.push(`${flow}: ${text}`)
  }
  const { total } = metrics
  const alive = totals.filter((worker) => worker !== undefined)
  const sum = (pick: (worker: FlowTotals) => number): number =>
    alive.reduce((all, worker) => all + pick(worker), 0)

  for (const { scheduled, sent, unsent, done, timedOut, unanswered } of alive) {
    law(scheduled === sent + unsent, `scheduled ${scheduled} ≠ sent ${sent} + unsent ${unsent}`)
    law(
      sent === done + timedOut + unanswered,
      `sent ${sent} ≠ answered ${done} + timed out ${timedOut} + unanswered ${unanswered}`,
    )
  }
  law(
    sum((worker) => worker.surplusAnswers) === 0,
    `the driver answered ${sum((worker) => worker.surplusAnswers)} requests more than once`,
  )

  if (alive.length === totals.length) {
    const workers = { sent: sum((worker) => worker.sent), unsent: sum((worker) => worker.unsent) }
    law(
      total.sent === workers.sent,
      `the intervals have ${total.sent} requests, the workers sent ${workers.sent}`,
    )
    law(
      total.unsent === workers.unsent,
      `the intervals have ${total.unsent} unsent arrivals, the workers ${workers.unsent}`,
    )
    if (account.isComplete && load.model === 'open') {
      const planned = arrivalsOf(load, account.salt, totals.length)
      const scheduled = sum((worker) => worker.scheduled)
      law(
        planned === undefined || planned === scheduled,
        `the schedule has ${planned} arrivals, the workers had ${scheduled}`,
      )
    }
    const gaugeMs = sum((worker) => worker.inFlightMs)
    const requestMs = sum((worker) => worker.requestMs)
    law(
      Math.abs(gaugeMs - requestMs) <= Math.max(1, littleTolerance * requestMs),
      `Little's law: ${gaugeMs.toFixed(3)} request-ms in flight, but requests took ${requestMs.toFixed(3)} ms`,
    )
    law(
      Math.abs(metrics.inFlightMs - gaugeMs) <= Math.max(1, littleTolerance * gaugeMs),
      `the intervals have ${metrics.inFlightMs.toFixed(3)} request-ms in flight, the workers ${gaugeMs.toFixed(3)}`,
    )
  }

  const { ok, failed, timedOut, unanswered, unsent } = total
  law(
    total.service.count === ok + timedOut + unanswered,
    `service has ${total.service.count} values for ${ok + timedOut + unanswered} requests`,
  )
  law(total.failures.count === failed, `failures has ${total.failures.count} values for ${failed} requests`)
  if (load.model === 'open') {
    law(
      total.response.count === ok + timedOut + unanswered + unsent,
      `response has ${total.response.count} values for ${ok + timedOut + unanswered + unsent} arrivals`,
    )
    law(total.lag.count === total.sent, `lag has ${total.lag.count} values for ${total.sent} requests`)
  }
  return breaches
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

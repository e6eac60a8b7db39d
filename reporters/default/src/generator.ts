import {
  isOpenLoop,
  latenessOf,
  requestCostOf,
  type GeneratorSample,
  type ScenarioResult,
} from '@cloudbench/core'
import { formatDuration, formatPercentage, formatSize } from '@cloudbench/core/text'
import { time } from './columns.ts'
import { wrap } from './lines.ts'
import { nameOf } from './name.ts'

/** At random arrivals, what comes due then waits for four times as long as the worker spends on a request. */
const busyShare = 0.8
/** They do not sleep, and so are always busy. */
const spinning = new Set(['spin', 'hybrid'])

/** What the generator cost, as lines. */
export function generatorLine(result: ScenarioResult, columns: number): string[] {
  const samples = samplesOf(result)
  if (samples.length === 0) return []
  const gcMs = samples.reduce((sum, sample) => sum + sample.gcMs, 0)
  const rssBytes = Math.max(...samples.map((sample) => sample.rssBytes))
  const { cpuNs, allocatedBytes } = requestCostOf(result)
  const costs = [
    ...(cpuNs > 0 ? [`${time(cpuNs)} of CPU`] : []),
    ...(allocatedBytes > 0 ? [`${formatSize(allocatedBytes)} of heap`] : []),
  ]
  const parts = [
    ...(costs.length > 0 ? [`${costs.join(' and ')} per request`] : []),
    `busy ${formatPercentage(busyOf(samples))} of the time`,
    ...(gcMs > 0 ? [`GC ${formatDuration(gcMs)}`] : []),
    ...(rssBytes > 0 ? [`${formatSize(rssBytes)} of memory`] : []),
  ]
  return wrap(
    parts.map((part, at) => (at === 0 ? `generator: ${part}` : part)),
    columns,
  )
}

/** One line where the generator, not the target, may be what was measured, and what to do about it. */
export function judgement(result: ScenarioResult): string | undefined {
  const samples = samplesOf(result)
  if (samples.length === 0) return undefined
  const { scenario } = result
  const late = lateness(result)
  const busy = busyOf(samples)
  const isFloor = scenario.flows.every(({ target }) => target.origin === 'loopback')
  const isBusy = busy >= busyShare && !spinning.has(scenario.dispatch) && !isFloor
  if (late === undefined && !isBusy) return undefined
  const isClosed = scenario.flows.some(({ name }) => !isOpenLoop(name, scenario.phases))
  const share = formatPercentage(busy)
  const said =
    late === undefined
      ? `the generator was busy ${share} of the time: ${isClosed ? 'it may limit the rate' : 'requests may have waited for it'}`
      : `the generator was late: ${late}${isBusy ? `, and it was busy ${share} of the time` : ''}`
  return `${said}. Use more workers (--workers)${isClosed ? '' : ' or a lower rate (--rate)'}`
}

/** In the words of the terminal. */
function lateness(result: ScenarioResult): string | undefined {
  const late = latenessOf(result)
  if (late === undefined) return undefined
  const whose = result.scenario.flows.length > 1 ? ` of ${nameOf(late.flow)}` : ''
  return `its lag p99 of ${time(late.lagNs)} is ${formatPercentage(late.share, 2)} of the response p99${whose}`
}

function busyOf(samples: readonly GeneratorSample[]): number {
  return Math.max(...samples.map(({ busy }) => busy))
}

function samplesOf({ phases }: ScenarioResult): readonly GeneratorSample[] {
  return phases.filter(({ phase }) => phase.kind === 'measure').flatMap(({ generators }) => generators)
}

import {
  isOpenLoop,
  rateAsked,
  type FlowMetrics,
  type HistogramView,
  type ScenarioResult,
} from '@cloudbench/core'
import { formatDuration, formatRate, formatSize, padEnd, visible, type Style } from '@cloudbench/core/text'
import { latencyOf, short, time } from './columns.ts'
import { fold, wrap } from './lines.ts'
import { nameOf } from './name.ts'
import { hasPictures, type Room } from './room.ts'
import { pointsOf, rateOf, sparkline } from './sparkline.ts'
import { spectrum } from './spectrum.ts'

const pictureColumns = 60
/** Failures of more kinds are counted together. */
const mostFailures = 8

/** What the table does not say of a flow, as lines. */
export function details(flow: FlowMetrics, result: ScenarioResult, style: Style, room: Room): string[] {
  const { dim, doubtful } = style
  const { columns } = room
  const isOpen = isOpenLoop(flow.flow, result.scenario.phases)
  const { sent, received } = flow.bytes
  const bytes = [
    ...(sent > 0 ? [`${formatSize(sent)} sent`] : []),
    ...(received > 0 ? [`${formatSize(received)} received`] : []),
  ]
  const { lag, outcomes, service } = flow.total
  const times = isOpen
    ? [
        `${formatRate(rateAsked(result, flow.flow), 3)} requested`,
        ...[pair('service', service), pair('lag', lag)].filter((text) => text !== ''),
      ]
    : ['closed loop: times count from sending']
  const answers = Object.entries(outcomes)
    .filter(([, { count, ok }]) => ok && count > 0)
    .map(([name, { count }]) => `${visible(name)} × ${short(count)}`)
  if (result.scenario.flows.length > 1) times[0] = `${nameOf(flow.flow)}: ${times[0]}`
  const totals = [...answers, ...(bytes.length > 0 ? [bytes.join(', ')] : [])]
  return [
    ...[...wrap(times, columns), ...wrap(totals, columns)].map((line) => dim(line)),
    ...troubles(flow).flatMap((text) => fold(`  ${doubtful('!')} ${text}`, room)),
    ...(hasPictures(room) ? pictures(flow, result, isOpen, style) : []),
  ]
}

function pair(name: string, histogram: HistogramView): string {
  if (histogram.count === 0) return ''
  return `${name} p50 ${time(histogram.percentile(50))} p99 ${time(histogram.percentile(99))}`
}

/** What went wrong with requests, the most frequent first. */
function troubles({ total }: FlowMetrics): string[] {
  const failures = Object.entries(total.outcomes)
    .filter(([, { count, ok }]) => !ok && count > 0)
    .toSorted(([, a], [, b]) => b.count - a.count)
  const rest = failures.slice(mostFailures).reduce((sum, [, { count }]) => sum + count, 0)
  const { timedOut, unanswered, unsent } = total
  return [
    ...failures.slice(0, mostFailures).map(([name, { count, example }]) => {
      const said = example === undefined || example === name ? '' : `: ${example.replaceAll(/\s+/g, ' ')}`
      return visible(`${name} × ${short(count)} (error)${said}`)
    }),
    ...(rest > 0 ? [`other errors × ${short(rest)}`] : []),
    ...(timedOut > 0 ? [`timed out × ${short(timedOut)}`] : []),
    ...(unanswered > 0 ? [`unanswered at the end × ${short(unanswered)}`] : []),
    ...(unsent > 0 ? [`unsent × ${short(unsent)}: no connection was free`] : []),
  ]
}

/** How rate and latency went over time, and how times are spread. */
function pictures(flow: FlowMetrics, result: ScenarioResult, isOpen: boolean, { dim }: Style): string[] {
  const points = pointsOf(flow.flow, result.phases, pictureColumns)
  const lengthMs = points.reduce((sum, { elapsedMs }) => sum + elapsedMs, 0)
  const rates = points.map(rateOf)
  const p99s = points.map(({ metrics }) => latencyOf(metrics, isOpen).percentile(99))
  const lines: [string, string, string][] = []
  if (points.length > 2) {
    lines.push([
      'rate',
      sparkline(rates),
      `${range(rates, (rate) => formatRate(rate, 3))} over ${formatDuration(lengthMs)}`,
    ])
    lines.push(['p99', sparkline(p99s), range(p99s, time)])
  }
  const spread = spectrum(latencyOf(flow.total, isOpen), pictureColumns)
  if (spread) lines.push(['times', spread[0], ''], ['', spread[1], ''])
  return lines.map(([name, picture, said]) => {
    const drawn = name === '' ? dim(picture) : picture
    return `  ${dim(padEnd(name, 5))}  ${drawn}${said === '' ? '' : `  ${dim(said)}`}`
  })
}

function range(values: readonly number[], format: (value: number) => string): string {
  const known = values.filter((value) => Number.isFinite(value))
  const [least, most] = [Math.min(...known), Math.max(...known)].map(format)
  return least === most ? String(least) : `${least} to ${most}`
}

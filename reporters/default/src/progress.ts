import {
  errorShareOf,
  ratePerSecond,
  type FlowMetrics,
  type Interval,
  type Metrics,
  type Phase,
} from '@cloudbench/core'
import { formatDuration, formatPercentage, formatRate, visible, type Style } from '@cloudbench/core/text'
import { cut } from './width.ts'

const barWidth = 20

/** The lines of the live view for one interval, none wider than the terminal. */
export function progress(interval: Interval, { dim, doubtful }: Style, columns: number): string[] {
  const { phase, endMs, startMs, flows } = interval
  const done = Math.min(1, phase.durationMs > 0 ? endMs / phase.durationMs : 1)
  const filled = Math.round(done * barWidth)
  const bar = '█'.repeat(filled) + '░'.repeat(barWidth - filled)
  const leftMs = Math.max(0, phase.durationMs - endMs)
  // whole seconds: the line is written once a second
  const left = formatDuration(leftMs < 1_000 ? leftMs : Math.round(leftMs / 1_000) * 1_000)
  const name = phase.kind === 'warmup' ? `${phase.name} (not counted)` : phase.name
  const lines = [dim(cut(`${bar} ${Math.round(done * 100)} %  ${visible(name)}, ${left} left`, columns))]
  for (const flow of flows) {
    const text = cut(flowLine(flow, phase, endMs - startMs), columns)
    lines.push(errorShareOf(flow.total) > 0 ? doubtful(text) : text)
  }
  return lines
}

/** One flow in one interval: its rate, its times and its errors. */
export function flowLine({ flow, total }: FlowMetrics, phase: Phase, elapsedMs: number): string {
  const isOpen = phase.loads[flow]?.model === 'open'
  const latency = isOpen ? total.response : total.service
  const quantiles = [50, 99, 99.9]
    .map((p) => `p${p} ${formatDuration(latency.percentile(p) / 1e6)}`)
    .join('  ')
  const parts = [
    visible(flow),
    formatRate(ratePerSecond(total, elapsedMs), 3),
    `${isOpen ? 'response' : 'service'} ${quantiles}`,
    `errors ${formatPercentage(errorShareOf(total))}`,
    ...(isOpen ? [`lag p99 ${formatDuration(total.lag.percentile(99) / 1e6)}`] : []),
    ...waiting(total),
  ]
  return parts.join('  ')
}

function waiting({ unsent }: Metrics): string[] {
  return unsent > 0 ? [`unsent ${unsent}`] : []
}

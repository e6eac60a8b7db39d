import { errorShareOf, ratePerSecond, type FlowMetrics, type Phase, type Step } from '@cloudbench/core'
import { formatDuration, formatPercentage, formatRate, visible } from '@cloudbench/core/text'
import { latencyOf, time } from './columns.ts'
import { stepText, type Live } from './live.ts'
import { nameOf } from './name.ts'
import { isSliver } from './sparkline.ts'

/** Nothing is waited for in silence for longer, with some time to spare. */
const patienceMs = 800
/** So many intervals are told one by one, and from then on ever fewer: an hour takes some 40 lines. */
const toldEach = 10
const growth = 1.25
const longestGapMs = 300_000

/** Without a terminal: lines that stay, few enough for the log of a long run. */
export function createHeartbeat(print: (lines: readonly string[]) => void): Live {
  let timer: NodeJS.Timeout | undefined
  let step: Step | undefined
  let stepMs = 0
  let [told, toldMs, usualMs] = [0, 0, 0]
  const tellStep = (gapMs: number): void => {
    const tookMs = performance.now() - stepMs
    print([`${visible(stepText(step!, tookMs < 2 * patienceMs ? '' : formatDuration(tookMs, 2)))} …`])
    timer = setTimeout(() => tellStep(gapMs * 2), Math.min(gapMs, longestGapMs)).unref()
  }
  const rest = (): void => {
    clearTimeout(timer)
    step = undefined
  }
  return {
    onStep(next) {
      const isSame = next.doing === step?.doing
      step = next
      if (isSame) return
      clearTimeout(timer)
      stepMs = performance.now()
      timer = setTimeout(() => tellStep(10_000), patienceMs).unref()
    },
    onPhaseStart() {
      rest()
      ;[told, toldMs, usualMs] = [0, 0, 0]
    },
    onInterval(interval) {
      const { endMs, flows, phase, startMs } = interval
      usualMs = Math.max(usualMs, endMs - startMs)
      // the table follows the last one
      if (endMs >= phase.durationMs || isSliver(interval, usualMs)) return
      const gapMs = told < toldEach ? 0 : Math.min(longestGapMs, toldMs * (growth - 1))
      if (endMs - toldMs < gapMs) return
      told++
      toldMs = endMs
      print(flows.map((flow) => `  ${flowLine(flow, phase, startMs, endMs)}`))
    },
    rest,
  }
}

/** One flow in one interval: when, its rate, its times and its errors. */
function flowLine({ flow, total }: FlowMetrics, phase: Phase, startMs: number, endMs: number): string {
  const isOpen = phase.loads[flow]?.model === 'open'
  const latency = latencyOf(total, isOpen)
  const at = formatDuration(Math.round(endMs / 100) * 100)
  const parts = [
    `${visible(phase.name)} ${at} of ${formatDuration(phase.durationMs)}`,
    `${nameOf(flow)} ${formatRate(ratePerSecond(total, endMs - startMs), 3)}`,
    `${isOpen ? 'response' : 'service'} ${[50, 95, 99].map((p) => `p${p} ${time(latency.percentile(p))}`).join('  ')}`,
    `errors ${formatPercentage(errorShareOf(total))}`,
    ...(isOpen ? [`lag p99 ${time(total.lag.percentile(99))}`] : []),
    ...(total.unsent > 0 ? [`unsent ${total.unsent}`] : []),
  ]
  return parts.join('  ')
}

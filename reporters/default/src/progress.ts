import { errorShareOf, type FlowMetrics, type Interval, type Phase } from '@cloudbench/core'
import { cut, padStart, type Style } from '@cloudbench/core/text'
import { bar } from './bar.ts'
import { latencyOf, numbers, time } from './columns.ts'
import { hasPictures, type Room } from './room.ts'
import { isSliver, rateOf, sparkline } from './sparkline.ts'
import { table } from './table.ts'

/** Points of a line over time. */
const mostPoints = 20
/** Of a column, so that it stays where it is when its numbers change. */
const leastColumns = 7

/** How far a scenario's load is, and what its flows did in the last interval. */
export interface Progress {
  begin(phase: Phase): void
  add(interval: Interval): void
  /** As of now, none wider than the room. */
  lines(room: Room): readonly string[]
}

/** What was drawn of one flow so far, for each column that is drawn. */
type History = Readonly<Record<'rate' | 'p99', readonly number[]>>

export function createProgress(style: Style): Progress {
  let current: Phase | undefined
  /** The last one that says something of the load: it stays until there is another. */
  let shown: Interval | undefined
  let [endMs, heardMs, usualMs] = [0, 0, 0]
  const histories = new Map<string, History>()
  return {
    begin(phase) {
      current = phase
      ;[endMs, heardMs, usualMs] = [0, performance.now(), 0]
    },
    add(interval) {
      const { phase, startMs } = interval
      ;[endMs, heardMs, usualMs] = [
        interval.endMs,
        performance.now(),
        Math.max(usualMs, interval.endMs - startMs),
      ]
      if (isSliver(interval, usualMs) && shown) return
      shown = interval
      for (const { flow, total } of interval.flows) {
        const { rate, p99 } = histories.get(flow) ?? { rate: [], p99: [] }
        const isOpen = phase.loads[flow]?.model === 'open'
        histories.set(flow, {
          rate: [...rate, rateOf({ metrics: total, elapsedMs: endMs - startMs })].slice(-mostPoints),
          p99: [...p99, latencyOf(total, isOpen).percentile(99)].slice(-mostPoints),
        })
      }
    },
    lines(room) {
      if (current === undefined) return []
      const doneMs = endMs + performance.now() - heardMs
      const head = style.dim(bar(current, doneMs, room.columns))
      return shown === undefined ? [head] : [head, ...liveTable(shown, histories, style, room)]
    },
  }
}

function liveTable(
  { phase, startMs, endMs, flows }: Interval,
  histories: ReadonlyMap<string, History>,
  { bad, dim }: Style,
  room: Room,
): string[] {
  const isOpen = ({ flow }: FlowMetrics): boolean => phase.loads[flow]?.model === 'open'
  const isAnyOpen = flows.some(isOpen)
  const kind = flows.every(isOpen) ? 'response' : isAnyOpen ? 'flow' : 'service'
  const titles = [
    { title: kind, priority: 0 },
    ...numbers,
    ...(isAnyOpen ? [{ title: 'lag p99', priority: 3 }] : []),
  ]
  const rows = flows.map((flow) => [
    flow.flow,
    ...numbers.map(({ title, of }) => {
      const text = of(flow.total, endMs - startMs, isOpen(flow))
      const values = title === 'rate' || title === 'p99' ? histories.get(flow.flow)?.[title] : undefined
      return values !== undefined && hasPictures(room)
        ? `${sparkline(values).padStart(mostPoints)} ${padStart(text, leastColumns)}`
        : text
    }),
    ...(isAnyOpen ? [isOpen(flow) ? time(flow.total.lag.percentile(99)) : '–'] : []),
  ])
  const [names = '', ...body] = table(titles, rows, room.columns, leastColumns)
  return [
    dim(cut(names, room.columns)),
    ...body.map((line, at) => {
      const text = cut(line, room.columns)
      return errorShareOf(flows[at]!.total) > 0 ? bad(text) : text
    }),
  ]
}

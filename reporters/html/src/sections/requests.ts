import { errorShareOf, ratePerSecond, type FlowMetrics, type Metrics } from '@cloudbench/core'
import { count, rate, share, size } from '../figures.ts'
import { html, type Content } from '../html.ts'
import { table } from './table.ts'

/** What became of every request, by operation. */
export function requestTable({ flow, total, operations }: FlowMetrics, elapsedMs: number): Content {
  const used = Object.entries(operations).filter(([, { scheduled }]) => scheduled > 0)
  const rows: (readonly [Content, Metrics])[] = [['all', total], ...(used.length > 1 ? used : [])]
  return table(
    `Requests of ${flow}`,
    [
      { title: 'operation' },
      { title: 'rate', help: 'answered per second until the end of the schedule' },
      { title: 'errors', help: 'share of the requests sent that went wrong' },
      { title: 'scheduled' },
      { title: 'sent' },
      { title: 'ok' },
      { title: 'failed' },
      { title: 'timed out' },
      { title: 'unanswered' },
      { title: 'unsent', help: 'came due and were never sent, because no connection was free' },
    ],
    rows.map(([name, metrics]) => [
      name,
      rate(ratePerSecond(metrics, elapsedMs)),
      share(errorShareOf(metrics)),
      count(metrics.scheduled),
      count(metrics.sent),
      count(metrics.ok),
      count(metrics.failed),
      count(metrics.timedOut),
      count(metrics.unanswered),
      count(metrics.unsent),
    ]),
  )
}

/** How often the target answered what. */
export function outcomeTable({ flow, total }: FlowMetrics): Content {
  const outcomes = Object.entries(total.outcomes)
    .filter(([, outcome]) => outcome.count > 0)
    .toSorted(([, a], [, b]) => b.count - a.count)
  if (outcomes.length === 0) return undefined
  const all = outcomes.reduce((sum, [, outcome]) => sum + outcome.count, 0)
  return table(
    `Outcomes of ${flow}`,
    [
      { title: 'outcome' },
      { title: 'kind', isText: true },
      { title: 'count' },
      { title: 'share' },
      { title: '', isText: true },
      { title: 'example', isText: true },
    ],
    outcomes.map(([name, outcome]) => {
      const width = Math.max(2, Math.round((outcome.count / all) * 100))
      return [
        name,
        outcome.ok ? 'ok' : outcome.lost === true ? 'lost' : 'error',
        count(outcome.count),
        share(outcome.count / all),
        html`<svg class="bar ${outcome.ok ? 'passed' : 'failed'}" width="100" height="8" aria-hidden="true">
          <rect class="fill" width="${width}" height="8" rx="2" />
        </svg>`,
        outcome.example,
      ]
    }),
  )
}

/** Connections and payload of a flow, and what its driver counted beside. */
export function connectionFacts(
  { connections, bytes, counters, inFlightMs }: FlowMetrics,
  elapsedMs: number,
): Content {
  const facts: readonly (readonly [string, Content])[] = [
    ['Connections opened', count(connections.opened)],
    ['Attempts refused', count(connections.refused)],
    ['Open on average', count(connections.openMs / elapsedMs)],
    ['In flight on average', count(inFlightMs / elapsedMs)],
    ['Sent', size(bytes.sent)],
    ['Received', size(bytes.received)],
    ...Object.entries(counters).map(([name, value]) => [name, count(value)] as const),
  ]
  return html`<dl class="facts">
    ${facts.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`
}

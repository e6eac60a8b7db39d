import { errorShareOf, ratePerSecond, type FlowMetrics, type Metrics, type Verdict } from '@cloudbench/core'
import { numberOf } from '@cloudbench/core/text'
import { count, rate, share, size } from '../figures.ts'
import { html, type Content } from '../html.ts'
import { factList } from './fact-list.ts'
import { marked } from './marked.ts'
import { table } from './table.ts'

/** What became of every request, by operation. */
export function requestTable(
  { flow, total, operations }: FlowMetrics,
  elapsedMs: number,
  ofFlow: string,
  verdict: Verdict | undefined,
): Content {
  const used = Object.entries(operations).filter(([, { scheduled }]) => scheduled > 0)
  const rows: (readonly [name: string, metrics: Metrics, operation?: string])[] = [
    ['all', total],
    ...(used.length > 1 ? used.map(([name, metrics]) => [name, metrics, name] as const) : []),
  ]
  return table(
    `Requests${ofFlow}`,
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
    rows.map(([name, metrics, operation]) => [
      name,
      marked(rate(ratePerSecond(metrics, elapsedMs)), numberOf(verdict, 'rate', flow, operation)),
      marked(share(errorShareOf(metrics)), numberOf(verdict, 'errors.rate', flow, operation)),
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
export function outcomeTable({ total }: FlowMetrics, ofFlow: string): Content {
  const outcomes = Object.entries(total.outcomes)
    .filter(([, outcome]) => outcome.count > 0)
    .toSorted(([, a], [, b]) => b.count - a.count)
  if (outcomes.length === 0) return undefined
  const all = outcomes.reduce((sum, [, outcome]) => sum + outcome.count, 0)
  return table(
    `Outcomes${ofFlow}`,
    [
      { title: 'outcome' },
      { title: 'kind', isText: true },
      { title: 'count' },
      { title: 'share' },
      { title: 'example', isText: true },
    ],
    outcomes.map(([name, outcome]) => {
      const width = Math.max(2, Math.round((outcome.count / all) * 100))
      return [
        name,
        outcome.ok ? 'ok' : outcome.lost === true ? 'lost' : 'error',
        count(outcome.count),
        [
          html`<svg class="bar ${outcome.ok ? 'passed' : 'failed'}" width="100" height="8" aria-hidden="true">
            <rect class="fill" width="${width}" height="8" rx="2" />
          </svg>`,
          ' ',
          share(outcome.count / all),
        ],
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
  return factList(facts)
}

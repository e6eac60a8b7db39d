import { count, size, share, time } from '../figures.ts'
import { html, type Content } from '../html.ts'
import type { ScenarioReport } from '../report.ts'
import { table } from './table.ts'

const mostTraced = 10

/** Requests that can be looked up one by one: by their trace ids, or in a log. */
export function singleRequests({ phases, logs = [] }: ScenarioReport): Content {
  const traced = phases
    .filter(({ phase }) => phase.kind === 'measure')
    .flatMap(({ intervals }) => intervals.flatMap(({ requests = [] }) => requests))
    .map((request) => ({ ...request, tookMs: request.doneMs - (request.dueMs ?? request.sentMs) }))
    .toSorted((a, b) => b.tookMs - a.tookMs)
    .slice(0, mostTraced)
  if (traced.length + logs.length === 0) return undefined
  return html`${
    traced.length > 0 &&
    table(
      'The slowest requests of those with a trace',
      [
        { title: 'trace id' },
        { title: 'operation', isText: true },
        { title: 'outcome', isText: true },
        { title: 'took' },
        { title: 'service' },
        { title: 'sent at' },
        { title: 'sampled', isText: true },
      ],
      traced.map(({ traceId, flow, operation, outcome, tookMs, sentMs, doneMs, sampled }) => [
        html`<code>${traceId}</code>`,
        `${flow}: ${operation}`,
        outcome,
        time(tookMs * 1e6),
        time((doneMs - sentMs) * 1e6),
        time(sentMs * 1e6),
        sampled ? 'yes' : 'no',
      ]),
    )
  }
  ${
    logs.length > 0 &&
    table(
      'Request logs, for cloudbench log',
      [
        { title: 'file' },
        { title: 'worker' },
        { title: 'sample' },
        { title: 'requests' },
        { title: 'dropped' },
        { title: 'size' },
        { title: 'problem', isText: true },
      ],
      logs.map(({ file, worker, sample, records, dropped, bytes, error }) => [
        file,
        count(worker),
        share(sample),
        count(records ?? Number.NaN),
        count(dropped ?? Number.NaN),
        size(bytes ?? Number.NaN),
        error,
      ]),
    )
  }`
}

import { requestCostOf } from '@cloudbench/core'
import type { Charts, Unit } from '../charts/chart.ts'
import { timeChart } from '../charts/over-time.ts'
import { count, share, size, time } from '../figures.ts'
import { html, type Content } from '../html.ts'
import type { ScenarioReport } from '../report.ts'
import { figure } from './figure.ts'
import { table } from './table.ts'

/** More gauges than this are in the table alone. */
const mostGauges = 12

/** Whether the generator itself was fast enough to be believed, and what the machine did meanwhile. */
export function generator(report: ScenarioReport, id: string, charts: Charts): Content {
  const { slices } = report
  if (!slices.some((slice) => slice.generator !== undefined)) return undefined
  const names = [...new Set(slices.flatMap(({ gauges }) => Object.keys(gauges)))]
  return html`<h3>Generator and machine</h3>
    <div class="charts small">
      ${figure(charts, {
        id: `${id}-busy`,
        title: 'Generator: share of the time',
        alternative: 'the busiest worker in every stretch of time, as in the table over time',
        size: 'small',
        chart: timeChart(
          slices,
          [
            { label: 'busy', color: 0, of: (slice) => slice.generator?.busy ?? Number.NaN },
            {
              label: 'garbage collection',
              color: 1,
              dash: [7, 4],
              of: (slice) => slice.generator?.gcShare ?? Number.NaN,
            },
          ],
          { unit: 'share', group: id },
        ),
      })}${figure(charts, {
        id: `${id}-lag`,
        title: 'Generator: its own lag, p99',
        alternative: 'how late requests were sent although a connection was free, as in the table over time',
        size: 'small',
        chart: timeChart(
          slices,
          [
            {
              label: 'lag p99',
              color: 2,
              of: ({ generator: own }) => (own && own.lagP99Ns > 0 ? own.lagP99Ns : Number.NaN),
            },
          ],
          { unit: 'ns', isLog: true, group: id },
        ),
      })}${names.slice(0, mostGauges).map((name, at) =>
        figure(charts, {
          id: `${id}-gauge-${at}`,
          title: name,
          alternative: 'the mean and the largest sample of every stretch of time',
          size: 'small',
          chart: timeChart(
            slices,
            [
              { label: 'mean', color: 0, of: ({ gauges }) => gauges[name]?.mean ?? Number.NaN },
              { label: 'max', color: 3, dash: [2, 3], of: ({ gauges }) => gauges[name]?.max ?? Number.NaN },
            ],
            { unit: unitOf(name), group: id },
          ),
        }),
      )}
    </div>
    ${workers(report)} ${signals(report)}`
}

function workers(report: ScenarioReport): Content {
  const samples = report.phases
    .filter(({ phase }) => phase.kind === 'measure')
    .flatMap(({ phase, generators }) => generators.map((sample) => ({ phase, sample })))
  if (samples.length === 0) return undefined
  const { cpuNs, allocatedBytes } = requestCostOf(report)
  return html`${table(
      'Workers of the generator',
      [
        { title: 'worker' },
        { title: 'busy' },
        { title: 'CPU' },
        { title: 'lag p50' },
        { title: 'lag p99' },
        { title: 'lag max' },
        { title: 'held up p99', help: 'how long the load thread kept waiting what came due' },
        { title: 'collections' },
        { title: 'in collection' },
        { title: 'minor' },
        { title: 'major' },
        { title: 'incremental' },
        { title: 'longest' },
        { title: 'allocated' },
        { title: 'memory' },
      ],
      samples.map(({ phase, sample }) => [
        `${sample.worker}, ${phase.name}`,
        share(sample.busy),
        time(sample.cpuMs * 1e6),
        time(sample.lag.percentile(50)),
        time(sample.lag.percentile(99)),
        time(sample.lag.count === 0 ? Number.NaN : sample.lag.max),
        time(sample.hiccup.percentile(99)),
        count(sample.gcCount),
        time(sample.gcMs * 1e6),
        time(sample.gcMinorMs * 1e6),
        time(sample.gcMajorMs * 1e6),
        time(sample.gcIncrementalMs * 1e6),
        time(sample.gcMaxMs * 1e6),
        size(sample.allocatedBytes),
        size(sample.rssBytes),
      ]),
    )}
    <p class="hint">A request cost ${time(cpuNs)} of CPU and ${size(allocatedBytes)} of heap.</p>`
}

/** What environments sampled on the machines. */
function signals({ phases }: ScenarioReport): Content {
  const rows = phases.flatMap(({ phase, signals: sampled }) =>
    sampled.flatMap(({ machine, gauges, counters }) => [
      ...Object.entries(gauges).map(([name, { mean, max }]) => [
        name,
        machine,
        phase.name,
        inUnit(name, mean),
        inUnit(name, max),
        undefined,
      ]),
      ...Object.entries(counters).map(([name, grown]) => [
        name,
        machine,
        phase.name,
        undefined,
        undefined,
        inUnit(name, grown),
      ]),
    ]),
  )
  if (rows.length === 0) return undefined
  return table(
    'Signals of the machine',
    [
      { title: 'signal' },
      { title: 'machine', isText: true },
      { title: 'phase', isText: true },
      { title: 'mean' },
      { title: 'max' },
      { title: 'grew by' },
    ],
    rows,
  )
}

/** Names end in their unit. */
function unitOf(name: string): Unit {
  if (/bytes$/i.test(name)) return 'bytes'
  if (/share$/i.test(name)) return 'share'
  return /ms$/i.test(name) ? 'ms' : 'count'
}

function inUnit(name: string, value: number): Content {
  const unit = unitOf(name)
  if (unit === 'bytes') return size(value)
  if (unit === 'share') return share(value)
  return unit === 'ms' ? time(value * 1e6) : count(value)
}

import { Histogram, type GeneratorSample } from '@cloudbench/core'
import { counter, gauge, histogram, seconds, type Family, type Sample } from '../family.ts'
import type { Part } from '../progress.ts'

/** What the workers say of themselves, and what environments sampled on their machines. */
export const generatorFamilies: readonly Family[] = [
  gauge(
    'cloudbench_generator_busy_ratio',
    'Share of the last interval in which the event loop of a worker was not waiting.',
    ({ latest }) => byWorker(latest, ({ busy }) => busy),
  ),
  histogram(
    'cloudbench_generator_lag_seconds',
    'How late arrivals were sent although a connection was free: the fault of the generator.',
    ({ total }) =>
      total.generators.length === 0
        ? []
        : [{ labels: {}, histogram: Histogram.sum(total.generators.map(({ lag }) => lag)) }],
  ),
  histogram(
    'cloudbench_generator_hiccup_seconds',
    'For how long something that came due at any moment would have waited for a load thread: of all workers.',
    ({ total }) =>
      total.generators.length === 0
        ? []
        : [{ labels: {}, histogram: Histogram.sum(total.generators.map(({ hiccup }) => hiccup)) }],
  ),
  counter('cloudbench_generator_cpu_seconds_total', 'User and system time of a worker.', ({ total }) =>
    byWorker(total, ({ cpuMs }) => seconds(cpuMs)),
  ),
  counter('cloudbench_generator_gc_total', 'Garbage collections of a worker.', ({ total }) =>
    byWorker(total, ({ gcCount }) => gcCount),
  ),
  counter('cloudbench_generator_gc_seconds_total', 'Time of a worker in garbage collections.', ({ total }) =>
    byWorker(total, ({ gcMs }) => seconds(gcMs)),
  ),
  counter(
    'cloudbench_generator_gc_kind_seconds_total',
    'Of the time in garbage collections, that of each kind.',
    function* ({ total }) {
      for (const { worker, gcMinorMs, gcMajorMs, gcIncrementalMs, gcWeakMs } of total.generators)
        for (const [kind, ms] of Object.entries({
          minor: gcMinorMs,
          major: gcMajorMs,
          incremental: gcIncrementalMs,
          weak: gcWeakMs,
        }))
          yield { labels: { worker: String(worker), kind }, value: seconds(ms) }
    },
  ),
  gauge(
    'cloudbench_generator_gc_max_seconds',
    'The longest garbage collection of a worker in the last interval.',
    ({ latest }) => byWorker(latest, ({ gcMaxMs }) => seconds(gcMaxMs)),
  ),
  counter(
    'cloudbench_generator_allocated_bytes_total',
    'What the JavaScript heap of a worker allocated.',
    ({ total }) => byWorker(total, ({ allocatedBytes }) => allocatedBytes),
  ),
  gauge('cloudbench_generator_resident_bytes', 'Resident memory of a worker.', ({ latest }) =>
    byWorker(latest, ({ rssBytes }) => rssBytes),
  ),
  gauge(
    'cloudbench_generator_missing_workers',
    'Workers that had not answered when the last interval was closed. Their numbers join the next one.',
    ({ missing }) => [{ labels: {}, value: missing }],
  ),
  gauge(
    'cloudbench_signal',
    'What an environment sampled on a machine, on average over the last interval, in the unit that ends its name.',
    function* ({ latest }) {
      for (const { machine, gauges } of latest.signals)
        for (const [signal, { mean }] of Object.entries(gauges))
          yield { labels: { machine, signal }, value: mean }
    },
  ),
  counter(
    'cloudbench_signal_total',
    'What a counter of a machine grew by, in the unit that ends its name.',
    function* ({ total }) {
      for (const { machine, counters } of total.signals)
        for (const [signal, value] of Object.entries(counters)) yield { labels: { machine, signal }, value }
    },
  ),
]

function* byWorker(part: Part, value: (sample: GeneratorSample) => number): Generator<Sample> {
  for (const sample of part.generators)
    yield { labels: { worker: String(sample.worker) }, value: value(sample) }
}

import type { CheckResult, EndReason } from '@cloudbench/core'
import { formatClient } from '@cloudbench/core/text'
import { counter, gauge, seconds, type Family, type Sample } from '../family.ts'

const reasons: readonly (EndReason | 'running')[] = [
  'running',
  'passed',
  'failed',
  'invalid',
  'interrupted',
  'errored',
]

/** Names of units as Prometheus has them. */
const units = {
  ns: 'seconds',
  share: 'ratio',
  perSecond: 'per_second',
  count: 'count',
  bytesPerSecond: 'bytes_per_second',
} as const

/** What ran, and what came of it. */
export const verdictFamilies: readonly Family[] = [
  gauge('cloudbench_run_info', 'The run: always 1.', ({ run }) => [
    {
      labels: { run: run.id, name: run.name, version: run.version, configuration: run.configDigest },
      value: 1,
    },
  ]),
  gauge('cloudbench_flow_info', 'A flow of the scenario: always 1.', function* ({ scenario }) {
    for (const { name, driver, workload, client, target } of scenario.flows)
      yield {
        labels: {
          flow: name,
          driver,
          workload,
          ...(client && { client: formatClient(client) }),
          target: target.name,
          origin: target.origin,
        },
        value: 1,
      }
  }),
  gauge('cloudbench_start_time_seconds', 'When the run started, as a Unix time.', ({ run }) => [
    { labels: {}, value: seconds(run.startedAt.getTime()) },
  ]),
  gauge(
    'cloudbench_phase',
    'The phase that is under way: 1. None once the scenario has ended.',
    ({ phase }) => (phase ? [{ labels: { phase: phase.name, kind: phase.kind }, value: 1 }] : []),
  ),
  counter('cloudbench_measured_seconds_total', 'For how long it has measured.', ({ total }) => [
    { labels: {}, value: seconds(total.endMs) },
  ]),
  gauge(
    'cloudbench_verdict',
    'Why the scenario ended: 1 for one of the reasons, 0 for all others.',
    ({ reason: ended = 'running' }) =>
      reasons.map((reason) => ({
        labels: { reason },
        value: Number(reason === ended),
      })),
  ),
  gauge(
    'cloudbench_check_passed',
    'Whether a check passed: 1, or 0. NaN for one that was skipped, or stands on an invalid number.',
    function* ({ checks }) {
      for (const [check, { status }] of numbered(checks, ({ name }) => name))
        yield {
          labels: { check },
          value: status === 'passed' ? 1 : status === 'failed' ? 0 : Number.NaN,
        }
    },
  ),
  gauge('cloudbench_check_value', 'What a check compared with its limit.', ({ checks }) =>
    compared(checks, 'value'),
  ),
  gauge('cloudbench_check_limit', 'What a check compared its value with.', ({ checks }) =>
    compared(checks, 'limit'),
  ),
  gauge(
    'cloudbench_audit_violations',
    'What an audit found wrong. One that was skipped is not here.',
    function* ({ result }) {
      const audits = (result?.audits ?? []).filter(({ status }) => status !== 'skipped')
      for (const [key, { flow, name, violations }] of numbered(audits, (one) => `${one.flow}/${one.name}`))
        yield { labels: { flow, audit: key.replace(`${flow}/${name}`, () => name) }, value: violations }
    },
  ),
  gauge(
    'cloudbench_errors',
    'What went wrong outside the target: plugins, workers, the accounting.',
    ({ result }) => (result ? [{ labels: {}, value: result.errors.length }] : []),
  ),
]

function* compared(checks: readonly CheckResult[], which: 'value' | 'limit'): Generator<Sample> {
  for (const [check, { unit, [which]: value }] of numbered(checks, ({ name }) => name))
    if (value !== undefined)
      yield {
        labels: { check, ...(unit && { unit: units[unit] }) },
        value: unit === 'ns' ? value / 1e9 : value,
      }
}

/** Of those of one name, such as those of several shards, the second is called `… (2)`. */
function* numbered<Item>(
  items: readonly Item[],
  nameOf: (item: Item) => string,
): Generator<readonly [name: string, item: Item]> {
  const seen = new Map<string, number>()
  for (const item of items) {
    const name = nameOf(item)
    const number = (seen.get(name) ?? 0) + 1
    seen.set(name, number)
    yield [number === 1 ? name : `${name} (${number})`, item]
  }
}

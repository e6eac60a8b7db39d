import { z } from '@cloudbench/schema'
import { CloudbenchError } from '../errors.ts'
import type { Json } from '../plugin/common.ts'
import { verdictCodes } from '../plugin/verdict.ts'
import { idPattern } from '../text/name.ts'
import { count, list, measured, ms, name, tracedRequest } from './record-schema.ts'
import { code, doubt, unit, validity, verdict } from './verdict-schema.ts'

const figure = z.number().nullable()
const json: z.ZodType<Json> = z.json()
const facts = z.record(z.string(), z.record(z.string(), json))
const id = z.string().regex(idPattern)
const reason = z.enum(['passed', 'failed', 'invalid', 'interrupted', 'errored'])

const source = z
  .object({ file: z.string(), line: count.exactOptional() })
  .describe('Where it was written. Absent for what is built in, a variable or a flag.')
const interval = z.object({
  startMs: ms,
  endMs: ms,
  missing: count,
  requests: list(tracedRequest)
    .exactOptional()
    .describe('Some of the requests that were sampled, and the slowest of each flow. Only with `trace`.'),
  requestsDropped: count
    .exactOptional()
    .describe('Sampled requests that are not among `requests`, which are bounded.'),
  ...measured,
})
const check = z.object({
  name: z.string(),
  scenario: z.string(),
  status: z.enum(['passed', 'failed', 'invalid', 'skipped']),
  expected: z.string(),
  actual: z.string(),
  validity: doubt
    .exactOptional()
    .describe('Of the number that it stands on, where the verdict knows it and it is not `valid`.'),
  value: z.number().exactOptional().describe('In `unit`; absent where there was no finite value.'),
  limit: z.number().exactOptional().describe('The limit that the value was compared with, in `unit`.'),
  unit: unit.exactOptional(),
  source: source.exactOptional(),
  addedBy: z
    .object({ plugin: name, hook: z.enum(['scenario:evaluate', 'run:evaluate']) })
    .exactOptional()
    .describe('The hook that added it; absent for what the configuration checks.'),
})
const audit = z.object({
  name: z.string(),
  flow: name,
  status: z.enum(['passed', 'failed', 'skipped']),
  examined: count,
  violations: count,
  message: z.string().exactOptional(),
})
const error = z.object({
  source: z.string(),
  during: z.string(),
  message: z.string(),
  scenario: z.string().exactOptional(),
})
const log = z.object({
  worker: count,
  file: name.describe('Below the output folder.'),
  sample: z.number().gt(0).max(1).describe('The share of requests that was to be logged.'),
  records: count.exactOptional().describe('Requests in the file; absent where the worker was lost.'),
  dropped: count.exactOptional().describe('Requests that should be in the file and are not.'),
  bytes: count.exactOptional(),
  error: z.string().exactOptional(),
})
const launch = z.object({
  worker: z.object({ index: count, total: count }),
  wrap: z.array(z.string()),
  execArgv: z.array(z.string()),
  env: z.record(z.string(), z.string()),
})
const perSecond = z.number().min(0)
const stage = z.object({ durationMs: ms, fromPerSecond: perSecond, toPerSecond: perSecond })
const load = z.discriminatedUnion('model', [
  z.object({ model: z.literal('closed'), connections: count, thinkMs: ms }),
  z.object({
    model: z.literal('open'),
    connections: count,
    arrivals: z.enum(['constant', 'poisson']),
    stages: list(stage),
  }),
])
const definition = z.object({
  id: name,
  source: source.exactOptional(),
  description: z.string(),
  tags: list(z.string()),
  comparison: name
    .exactOptional()
    .describe(
      'The scenario that this is a part of: it runs once for each of several clients, which are compared.',
    ),
  flows: list(
    z.object({
      name,
      driver: z.string(),
      workload: name,
      client: z
        .object({ name, version: z.string().exactOptional() })
        .exactOptional()
        .describe('What speaks to the target: `wire`, or a client library and its version.'),
      target: z.object({
        name,
        url: z.string(),
        origin: z.enum(['given', 'found', 'started', 'loopback']),
        zone: z.string().exactOptional(),
      }),
      ceiling: z
        .object({ perSecond: z.number().positive(), measuredAt: z.string() })
        .exactOptional()
        .describe('The most that this machine sends on time, from `cloudbench calibrate`.'),
    }),
  ),
  phases: list(
    z.object({
      name,
      kind: z.enum(['warmup', 'measure']),
      scenario: name,
      durationMs: ms,
      loads: z.record(z.string(), load),
    }),
  ),
  checks: list(
    z.object({
      name: z.string(),
      expected: z.string(),
      limits: list(z.number()).describe('What the value is compared with, in `unit`.'),
      unit,
    }),
  )
    .exactOptional()
    .describe('What the configuration checks.'),
  workers: count,
  workersReason: z.string().exactOptional().describe('Where a calibration decided (workers: auto).'),
  dispatch: z.enum(['tick', 'hybrid', 'spin', 'timer']),
  seed: z.number(),
  intervalMs: ms,
  trace: z
    .object({ ratio: z.number().min(0).max(1), propagate: z.boolean() })
    .exactOptional()
    .describe(
      'W3C Trace Context of every request: the share that is sampled, and whether the target is told.',
    ),
})

/** The figures of a scenario that scripts and dashboards want, flat, with units in their names. */
const flatLine = {
  scenario: z.string(),
  duration_sec: z.number(),
  tps_avg: z.number().describe('Answered requests per second.'),
  latency_p95_ms: figure,
  error_rate_pct: figure,
  requests: count,
  errors: count,
  unsent: count,
  latency_basis: z
    .enum(['response', 'service'])
    .describe(
      'What latency is: from when requests were due (open loop), or from when they were sent (closed loop).',
    ),
  latency_p50_ms: figure,
  latency_p90_ms: figure,
  latency_p99_ms: figure,
  latency_p999_ms: figure,
  latency_max_ms: figure,
  service_p50_ms: figure,
  service_p99_ms: figure,
  lag_p50_ms: figure,
  lag_p99_ms: figure,
  rate_asked: figure.describe(
    'Arrivals per second that the configuration requests, on average over the measurement; null in a closed loop.',
  ),
  workers: count,
  cpu_us_per_request: figure.describe('Time of the worker processes on the CPU, per request sent.'),
  allocated_bytes_per_request: figure.describe(
    'What the workers allocated on their JavaScript heaps, per request sent.',
  ),
  exit: z.number().int(),
}

/** What of the flat line comes from the verdict. */
const verdictLine = {
  verdict: validity.nullable().describe('Whether what was measured can be believed.'),
  verdict_reasons: z.array(code).max(verdictCodes.length).describe('Why not, the worst first, each once.'),
  tps_low: figure.describe('The 95 % interval of `tps_avg`; null where it is open or not known.'),
  tps_high: figure,
  latency_p50_low_ms: figure.describe('The 95 % interval of `latency_p50_ms`.'),
  latency_p50_high_ms: figure,
  latency_p95_low_ms: figure,
  latency_p95_high_ms: figure,
  latency_p99_low_ms: figure,
  latency_p99_high_ms: figure,
}

const scenario = z.object({
  ...flatLine,
  // files of older versions have none of these
  ...z.object(verdictLine).partial().shape,
  judgement: verdict
    .exactOptional()
    .describe('Whether what was measured can be believed, number by number, and why.'),
  definition,
  processes: list(z.object({ index: count, pid: count, launch, attribution: list(z.string()), facts })),
  phases: list(
    z.object({
      phase: name,
      startedAt: z.iso.datetime(),
      elapsedMs: ms,
      breaches: list(z.string()),
      intervals: list(interval),
      ...measured,
    }),
  ),
  reason,
  aborted: z.string().exactOptional().describe('Why the load was ended early, where an abort did.'),
  checks: list(check),
  audits: list(audit),
  prepared: facts.exactOptional(),
  problems: list(error),
  logs: list(log).exactOptional().describe('The request logs of the workers: only with `log`.'),
})

/** The schema of a result file, version 1. */
export const resultSchema = z
  .object({
    $schema: z.string(),
    format: z.literal('cloudbench-result'),
    version: z.literal(1),
    run: z.object({
      id,
      name: z.string(),
      startedAt: z.iso.datetime(),
      endedAt: z.iso.datetime(),
      configDigest: z.string(),
      configuration: list(z.object({ path: z.string(), value: json, origin: z.string() }))
        .exactOptional()
        .describe(
          'What was configured for the scenarios, secrets redacted. Absent in files of older versions.',
        ),
      version: z.string(),
      machines: list(z.object({ name: z.string(), facts })),
      plugins: list(
        z.object({
          kind: z.enum(['driver', 'environment', 'reporter']),
          name,
          version: z.string().exactOptional(),
        }),
      ),
      merged: list(id)
        .exactOptional()
        .describe('The ids of the runs that `cloudbench report` put together; absent for what ran as one.'),
    }),
    reason,
    exit: z.number().int(),
    errors: list(error),
    checks: list(check),
    scenarios: list(scenario),
  })
  .describe('A run of cloudbench')

/** A run as stored in a file. */
export type ResultFile = z.infer<typeof resultSchema>
export type StoredScenario = ResultFile['scenarios'][number]
export type StoredVerdict = NonNullable<StoredScenario['judgement']>
export type StoredPhase = StoredScenario['phases'][number]
export type StoredFlow = StoredPhase['flows'][number]
export type StoredMetrics = StoredFlow['operations'][string]
export type StoredGenerator = StoredPhase['generators'][number]
export type StoredInterval = StoredPhase['intervals'][number]
export type FlatLine = Pick<StoredScenario, keyof typeof flatLine> & VerdictLine
export type VerdictLine = { readonly [Name in keyof typeof verdictLine]: z.infer<(typeof verdictLine)[Name]> }

/** Checks a parsed result file; the error names the first places that are wrong. */
export function parseResultFile(value: unknown, path: string): ResultFile {
  const parsed = resultSchema.safeParse(value)
  if (parsed.success) return parsed.data
  const places = parsed.error.issues.slice(0, 3).map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  throw new CloudbenchError({
    code: 'CB_RESULT_FILE',
    what: `${path} is damaged: ${places.join('; ')}`,
    expected: 'a result file of version 1, as the json reporter writes it',
  })
}

/** The same as JSON Schema, as it is published with this package. */
export function resultJsonSchema(): unknown {
  return z.toJSONSchema(resultSchema, { target: 'draft-2020-12', unrepresentable: 'any' })
}

import type { ResultFile } from './file.ts'
import { z } from 'zod'
import { CloudbenchError } from '../errors.ts'

const count = z.number().int().min(0)
const ms = z.number()
const figure = z.number().nullable()
const facts = z.record(z.string(), z.record(z.string(), z.json()))
const reason = z.enum(['passed', 'failed', 'interrupted', 'errored'])

const histogram = z
  .object({
    count,
    min: z.number(),
    max: z.number(),
    sum: z.number(),
    overflow: count.describe('Values beyond the range of the histogram; they count in count, max and sum.'),
    hdr: z.string().describe('HdrHistogram V2, compressed, base64; values in nanoseconds.'),
  })
  .nullable()
  .describe('A distribution of durations in nanoseconds; null when empty.')

const metrics = z.object({
  scheduled: count,
  sent: count,
  ok: count,
  failed: count,
  timedOut: count,
  unanswered: count,
  unsent: count.describe('Came due and never left.'),
  outcomes: z.record(z.string(), z.object({ count, ok: z.boolean() })),
  response: histogram.describe('From when the request was due.'),
  service: histogram.describe('From when the request was sent.'),
  lag: histogram.describe('From due to sent.'),
  failures: histogram.describe('Service time of requests that failed.'),
  censored: count.describe('How many values of response are lower bounds.'),
})

const flow = z.object({
  flow: z.string(),
  operations: z.record(z.string(), metrics),
  connections: z.object({ opened: count, refused: count, openMs: ms }),
  bytes: z.object({ sent: z.number(), received: z.number() }),
  counters: z.record(z.string(), z.number()),
  recorders: z.record(z.string(), histogram),
  inFlightMs: ms,
})

const generator = z.object({
  worker: count,
  cpuMs: ms,
  busy: z.number(),
  gcCount: count,
  gcMs: ms,
  gcMaxMs: ms,
  lag: histogram.describe('How late arrivals were sent although a connection was free.'),
  rssBytes: z.number(),
})

const measured = { flows: z.array(flow), generators: z.array(generator) }
const interval = z.object({ startMs: ms, endMs: ms, missing: count, ...measured })
const check = z.object({
  name: z.string(),
  scenario: z.string(),
  status: z.enum(['passed', 'failed', 'skipped']),
  expected: z.string(),
  actual: z.string(),
})
const audit = z.object({
  name: z.string(),
  flow: z.string(),
  status: z.enum(['passed', 'failed', 'skipped']),
  examined: count,
  violations: count,
  message: z.string().optional(),
})
const error = z.object({
  source: z.string(),
  during: z.string(),
  message: z.string(),
  scenario: z.string().optional(),
})
const launch = z.object({
  worker: z.object({ index: count, total: count }),
  wrap: z.array(z.string()),
  execArgv: z.array(z.string()),
  env: z.record(z.string(), z.string()),
})
const stage = z.object({ durationMs: ms, fromPerSecond: z.number(), toPerSecond: z.number() })
const load = z.discriminatedUnion('model', [
  z.object({ model: z.literal('closed'), connections: count, thinkMs: ms }),
  z.object({
    model: z.literal('open'),
    connections: count,
    arrivals: z.enum(['constant', 'poisson']),
    stages: z.array(stage),
  }),
])
const definition = z.object({
  id: z.string(),
  description: z.string(),
  flows: z.array(
    z.object({
      name: z.string(),
      driver: z.string(),
      workload: z.string(),
      target: z.object({
        name: z.string(),
        url: z.string(),
        origin: z.enum(['given', 'found', 'started', 'loopback']),
      }),
    }),
  ),
  phases: z.array(
    z.object({
      name: z.string(),
      kind: z.enum(['warmup', 'measure']),
      scenario: z.string(),
      durationMs: ms,
      loads: z.record(z.string(), load),
    }),
  ),
  workers: count,
  dispatch: z.enum(['tick', 'spin', 'timer']),
  seed: z.number(),
  intervalMs: ms,
})

const scenario = z.object({
  scenario: z.string(),
  duration_sec: z.number(),
  tps_avg: z.number(),
  latency_p95_ms: figure,
  error_rate_pct: figure,
  requests: count,
  errors: count,
  unsent: count,
  latency_basis: z.enum(['response', 'service']),
  latency_p50_ms: figure,
  latency_p90_ms: figure,
  latency_p99_ms: figure,
  latency_p999_ms: figure,
  latency_max_ms: figure,
  service_p50_ms: figure,
  service_p99_ms: figure,
  lag_p50_ms: figure,
  lag_p99_ms: figure,
  rate_asked: figure,
  workers: count,
  exit: z.number().int(),
  definition,
  processes: z.array(z.object({ index: count, pid: count, launch, attribution: z.array(z.string()), facts })),
  phases: z.array(
    z.object({
      phase: z.string(),
      startedAt: z.iso.datetime(),
      elapsedMs: ms,
      breaches: z.array(z.string()),
      intervals: z.array(interval),
      ...measured,
    }),
  ),
  reason,
  checks: z.array(check),
  audits: z.array(audit),
  prepared: facts.optional(),
  problems: z.array(error),
})

/** The schema of a result file, version 1. */
export const resultSchema = z
  .object({
    $schema: z.string(),
    format: z.literal('cloudbench-result'),
    version: z.literal(1),
    run: z.object({
      id: z.string(),
      name: z.string(),
      startedAt: z.iso.datetime(),
      endedAt: z.iso.datetime(),
      configDigest: z.string(),
      version: z.string(),
      machines: z.array(z.object({ name: z.string(), facts })),
      plugins: z.array(
        z.object({
          kind: z.enum(['driver', 'environment', 'reporter']),
          name: z.string(),
          version: z.string().optional(),
        }),
      ),
    }),
    reason,
    exit: z.number().int(),
    errors: z.array(error),
    checks: z.array(check),
    scenarios: z.array(scenario),
  })
  .describe('A run of cloudbench')

/** Checks a parsed result file; the error names the first places that are wrong. */
export function parseResultFile(value: unknown, path: string): ResultFile {
  const parsed = resultSchema.safeParse(value)
  if (parsed.success) return parsed.data as ResultFile
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

import { duration } from '@cloudbench/driver-kit'
import { z } from '@cloudbench/schema'

/** The end of a run waits no longer than 30 s for a reporter. */
export const longestTimeoutMs = 20_000

export const signals = ['traces', 'metrics'] as const
export type Signal = (typeof signals)[number]

export const protocols = ['http/protobuf', 'http/json'] as const
export const compressions = ['gzip', 'none'] as const
export const temporalities = ['cumulative', 'delta', 'lowmemory'] as const

/** What is not given here comes from the environment: the variables of OpenTelemetry. */
export const options = z.strictObject({
  endpoint: z
    .url({ protocol: /^https?$/, error: 'expected a url such as http://localhost:4318' })
    .optional()
    .describe('Where the collector takes OTLP over HTTP; /v1/traces and /v1/metrics are added.'),
  headers: z
    .record(
      z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/, 'expected the name of an HTTP header'),
      z.string().regex(/^[\t\u{20}-\u{7E}\u{80}-\u{FF}]*$/u, 'expected one line of text'),
    )
    .optional()
    .describe('Sent with every request, such as authorization. Their values are secret.'),
  protocol: z.enum(protocols).optional().describe('How the data is written. Default: http/protobuf.'),
  compression: z.enum(compressions).optional().describe('Default: none.'),
  timeout: duration({ max: longestTimeoutMs })
    .optional()
    .describe('For one export, tries included. Default: 10s.'),
  signals: z.array(z.enum(signals)).min(1).optional().describe('What is sent. Default: traces and metrics.'),
  temporality: z
    .enum(temporalities)
    .optional()
    .describe('Whether sums go on from the start of a phase or from the last interval. Default: cumulative.'),
})

export type Options = ReturnType<typeof options.parse>

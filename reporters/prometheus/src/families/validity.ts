import type { Validity, VerdictCode } from '@cloudbench/core'
import { gauge, type Family } from '../family.ts'

const validities: readonly Validity[] = ['valid', 'suspect', 'invalid', 'unknown']
/** Of each flow; numbers of operations would be a series for each of them. */
const told = /^(rate|(response|service)\.p(50|90|99|99\.9))$/

/** Whether the numbers can be believed. There once the scenario has ended. */
export const validityFamilies: readonly Family[] = [
  gauge(
    'cloudbench_validity',
    'What the numbers of the scenario are worth: 1 for one of the labels, 0 for all others.',
    ({ result }) =>
      result?.verdict === undefined
        ? []
        : validities.map((validity) => ({
            labels: { validity },
            value: Number(validity === result.verdict?.validity),
          })),
  ),
  gauge(
    'cloudbench_verdict_reason',
    'A reason why numbers are not valid, by its code: always 1.',
    function* ({ result }) {
      // the worst of each code is first
      const codes = new Map<VerdictCode, Validity>()
      for (const { code, validity } of result?.verdict?.reasons ?? [])
        if (!codes.has(code)) codes.set(code, validity)
      for (const [code, validity] of codes) yield { labels: { code, validity }, value: 1 }
    },
  ),
  gauge(
    'cloudbench_number_valid',
    'Whether a number of a flow is valid: 1; 0 where it is suspect or invalid, NaN where that is unknown.',
    function* ({ result }) {
      for (const { flow, operation, metric, validity } of result?.verdict?.numbers ?? [])
        if (flow !== undefined && operation === undefined && told.test(metric))
          yield {
            labels: { flow, metric },
            value: validity === 'unknown' ? Number.NaN : Number(validity === 'valid'),
          }
    },
  ),
  gauge('cloudbench_signals_known', 'How many signals a verdict stands on.', ({ result }) =>
    result?.verdict === undefined ? [] : [{ labels: {}, value: result.verdict.signals.length }],
  ),
  gauge('cloudbench_signals_read', 'How many of them could be read.', ({ result }) =>
    result?.verdict === undefined
      ? []
      : [
          {
            labels: {},
            value: result.verdict.signals.filter(({ validity }) => validity !== 'unknown').length,
          },
        ],
  ),
]

import { z } from '@cloudbench/schema'
import { verdictCodes } from '../plugin/verdict.ts'
import { count, list, ms, name } from './record-schema.ts'

export const unit = z.enum(['ns', 'share', 'perSecond', 'count', 'bytesPerSecond'])
export const validity = z.enum(['valid', 'suspect', 'invalid', 'unknown'])
/** What is not valid. */
export const doubt = z.enum(['suspect', 'invalid', 'unknown'])
export const code = z.enum(verdictCodes)

const anyUnit = z.enum([...unit.options, 'ppm'])
const text = z.string()
const threshold = z.number().nullable()

const reason = z.object({
  code,
  validity: doubt,
  text: text.describe('For people.'),
  advice: text.describe('What to do about it.'),
  observed: z.number().exactOptional().describe('In `unit`, as `threshold`, which it is beyond.'),
  threshold: z.number().exactOptional(),
  unit: anyUnit.exactOptional(),
  flow: name.exactOptional().describe('Absent for what concerns all flows.'),
  worker: count.exactOptional(),
  window: z
    .object({ phase: name, startMs: ms, endMs: ms })
    .exactOptional()
    .describe('Where it was at its worst.'),
})

const signal = z.object({
  name: text,
  validity: validity.describe('`unknown`: it could not be read.'),
  observed: z.number().exactOptional().describe('The worst value, in `unit`; absent where unknown.'),
  suspectAbove: threshold.describe('In `unit`; null: never.'),
  invalidAbove: threshold,
  unit: anyUnit,
  missing: text.exactOptional().describe('Why it is unknown, where that is known.'),
})

const numberVerdict = z.object({
  flow: name.exactOptional().describe('Absent for the total of all flows.'),
  operation: text.exactOptional().describe('Absent for the total of a flow.'),
  metric: text.describe('As checks name it: `response.p99`.'),
  unit,
  value: z.number().nullable().describe('In `unit`; null: beyond the range of the histogram.'),
  interval: z
    .object({ low: z.number(), high: z.number().nullable() })
    .exactOptional()
    .describe('95 %. `high` null: open.'),
  grade: z
    .enum(['established', 'indicative', 'not established'])
    .exactOptional()
    .describe('How well a quantile is established by the samples behind it.'),
  isLowerBound: z.boolean().exactOptional(),
  validity,
  codes: list(code).describe('Of those among `reasons` that concern it.'),
})

const steadyState = z.object({
  flow: name,
  kind: z.enum(['flat', 'warmup', 'slowdown', 'not steady', 'overloaded', 'unknown']),
  steadyFromMs: ms.exactOptional(),
  drift: z.number().exactOptional().describe('Such as 0.08 for 8 % slower at the end of the steady part.'),
})

/** A verdict as it is stored. */
export const verdict = z.object({
  validity: validity.describe(
    '`invalid`: nothing can be believed. `suspect`: the rate or a quantile up to p99 is not `valid`. `unknown`: what would say so could not be read.',
  ),
  reasons: list(reason).describe('Worst first.'),
  limitedBy: z.enum(['generator', 'target', 'pool', 'pool or target', 'network']).exactOptional(),
  numbers: list(numberVerdict),
  steadyStates: list(steadyState),
  signals: list(signal).describe('What was watched, and how it stands with its thresholds.'),
  required: z.enum(['valid', 'suspect']).describe('`valid`: suspect numbers were not to pass either.'),
  isInvalidAllowed: z.boolean().describe('Invalid numbers were to pass.'),
})

import { z } from '@cloudbench/schema'
import { mapEach, type Declaration } from '../metrics/record.ts'
import {
  derivedCounts,
  flowCounts,
  gaugeReadings,
  generatorDistributions,
  generatorReadings,
  operationCounts,
  operationDistributions,
} from '../plugin/record.ts'
import { nameProblem } from '../text/name.ts'

/** More entries than this in any list of a result are refused: some are compared with each other. */
const longestList = 10_000
const mostNames = 2_000

/** A list, typed as read-only, as everything in a result is. */
export function list<Item extends z.ZodType>(item: Item): z.ZodType<readonly z.output<Item>[]> {
  return z.array(item).max(longestList)
}

/** A value for each of some names, of which no driver has more. */
function named<Value extends z.ZodType>(value: Value): z.ZodRecord<z.ZodString, Value> {
  return z
    .record(z.string(), value)
    .refine((record) => Object.keys(record).length <= mostNames, `has more than ${mostNames} names`)
}

export const count: z.ZodNumber = z.number().int().min(0)
/** A length of time: at most as long as a date can say. */
export const ms: z.ZodNumber = z.number().min(0).max(8.64e15)
/** A name that may become part of the name of a file. */
export const name: z.ZodString = z.string().superRefine((text, { addIssue }) => {
  const problem = nameProblem(text)
  if (problem !== undefined) addIssue({ code: 'custom', message: problem })
})

type Schemas<Declared> = {
  [Name in keyof Declared]: Declared[Name] extends string ? z.ZodNumber : z.ZodObject<Schemas<Declared[Name]>>
}

/** The numbers of a declaration of `plugin/record.ts`. Times and shares have fractions, everything else is counted. */
function numbers<const Declared extends Declaration>(declared: Declared): Schemas<Declared> {
  return mapEach(declared, (key, inner) =>
    typeof inner === 'string'
      ? (key.endsWith('Share') ? z.number().min(0) : key.endsWith('Ms') ? ms : count).describe(inner)
      : z.object(numbers(inner)),
  ) as Schemas<Declared>
}

const histogram = z
  .object({
    count,
    min: z.number().min(0),
    max: z.number().min(0),
    sum: z.number().min(0),
    overflow: count.describe('Values beyond the range of the histogram; they count in count, max and sum.'),
    hdr: z.string().describe('HdrHistogram V2, compressed, base64; values in nanoseconds.'),
  })
  .nullable()
  .describe('A distribution of durations in nanoseconds; null when empty.')

export type StoredHistogram = z.infer<typeof histogram>

function distributions<const Declared extends Readonly<Record<string, string>>>(
  declared: Declared,
): { [Name in keyof Declared]: typeof histogram } {
  return mapEach(declared, (_, text) => histogram.describe(text))
}

const metrics = z.object({
  ...numbers({ ...derivedCounts, ...operationCounts }),
  outcomes: named(
    z.object({
      count,
      ok: z.boolean(),
      example: z.string().optional().describe('What the server said the first time.'),
      lost: z.boolean().optional().describe('These requests got no answer: their connection died.'),
    }),
  ),
  ...distributions(operationDistributions),
})

const flow = z.object({
  flow: name,
  operations: named(metrics),
  ...numbers(flowCounts),
  counters: named(z.number()),
  recorders: named(histogram),
})

/** What files of older versions do not have. */
const later = {
  gcMinorMs: true,
  gcMajorMs: true,
  gcIncrementalMs: true,
  gcWeakMs: true,
  hiccup: true,
} as const

const generator = z
  .object({
    worker: count,
    ...mapEach(generatorReadings, (_, { text }) => z.number().min(0).describe(text)),
    ...distributions(generatorDistributions),
  })
  .partial(later)

const signals = z.object({
  machine: name,
  gauges: named(z.object(mapEach(gaugeReadings, (_, { text }) => z.number().describe(text)))),
  counters: named(z.number()).describe('What each counter grew by.'),
})

/** One request, with the ids under which the target knows it. */
export const tracedRequest = z.object({
  flow: name,
  operation: z.string(),
  outcome: z.string(),
  ok: z.boolean(),
  index: count,
  dueMs: ms
    .exactOptional()
    .describe('Milliseconds since the phase began, as all times here. Only in an open loop.'),
  sentMs: ms,
  doneMs: ms,
  connection: count,
  traceId: z.string().regex(/^(?!0+$)[0-9a-f]{32}$/),
  spanId: z.string().regex(/^(?!0+$)[0-9a-f]{16}$/),
  sampled: z
    .boolean()
    .describe('The flag that the target saw. False for one that is here since it was the slowest.'),
})

/** What was measured over some stretch of time. */
export const measured = {
  flows: list(flow),
  generators: list(generator),
  signals: list(signals).describe('What environments sampled on each machine.'),
}

import { z } from 'zod'
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

/** A list, typed as read-only, as everything in a result is. */
export function list<Item extends z.ZodType>(item: Item): z.ZodType<readonly z.output<Item>[]> {
  return z.array(item)
}

export const count = z.number().int().min(0)

type Schemas<Declared> = {
  [Name in keyof Declared]: Declared[Name] extends string ? z.ZodNumber : z.ZodObject<Schemas<Declared[Name]>>
}

/** The numbers of a declaration of `plugin/record.ts`. Times and shares have fractions, everything else is counted. */
function numbers<const Declared extends Declaration>(declared: Declared): Schemas<Declared> {
  return mapEach(declared, (name, inner) =>
    typeof inner === 'string'
      ? (/(Ms|Share)$/.test(name) ? z.number() : count).describe(inner)
      : z.object(numbers(inner)),
  ) as Schemas<Declared>
}

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

export type StoredHistogram = z.infer<typeof histogram>

function distributions<const Declared extends Readonly<Record<string, string>>>(
  declared: Declared,
): { [Name in keyof Declared]: typeof histogram } {
  return mapEach(declared, (_, text) => histogram.describe(text))
}

const metrics = z.object({
  ...numbers({ ...derivedCounts, ...operationCounts }),
  outcomes: z.record(
    z.string(),
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
  flow: z.string(),
  operations: z.record(z.string(), metrics),
  ...numbers(flowCounts),
  counters: z.record(z.string(), z.number()),
  recorders: z.record(z.string(), histogram),
})

const generator = z.object({
  worker: count,
  ...mapEach(generatorReadings, (_, { text }) => z.number().describe(text)),
  ...distributions(generatorDistributions),
})

const signals = z.object({
  machine: z.string(),
  gauges: z.record(z.string(), z.object(mapEach(gaugeReadings, (_, { text }) => z.number().describe(text)))),
  counters: z.record(z.string(), z.number()).describe('What each counter grew by.'),
})

/** What was measured over some stretch of time. */
export const measured = {
  flows: list(flow),
  generators: list(generator),
  signals: list(signals).describe('What environments sampled on each machine.'),
}

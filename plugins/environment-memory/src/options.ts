import { z } from '@cloudbench/schema'

/** The options of the `memory` environment. */
export const options = z.strictObject({
  maxOldSpaceMb: z
    .int()
    .positive()
    .optional()
    .describe('Old space of every worker in MiB, instead of a share of the container limit'),
  heapShare: z
    .number()
    .positive()
    .max(1)
    .default(0.8)
    .describe('Share of the container limit that the heaps of all workers may take together'),
  semiSpaceMb: z
    .int()
    .positive()
    .optional()
    .describe(
      'Semi-space of every worker in MiB; the young generation is three of them. V8 rounds it up to a power of two',
    ),
  balloonGuard: z
    .boolean()
    .default(true)
    .describe(
      'Sizes the heaps by 0.9 of the specified memory once the limit has moved by more than 5 %, or a balloon has taken memory',
    ),
  root: z.string().default('/').describe('Where /proc and /sys are found'),
})

export type MemoryOptions = z.output<typeof options>

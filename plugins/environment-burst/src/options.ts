import { z } from '@cloudbench/schema'

/** The options of the `burst` environment. */
export const options = z.strictObject({
  credits: z
    .number()
    .nonnegative()
    .optional()
    .describe(
      'CPU credits of a burstable instance when the run starts, such as CPUCreditBalance of CloudWatch: predicts when they are used up',
    ),
  canary: z
    .boolean()
    .default(true)
    .describe('Runs a fixed piece of work now and then, and times it, to see CPUs become slower'),
  root: z.string().default('/').describe('Where /proc and /sys are found'),
})

export type BurstOptions = z.output<typeof options>

import { parseCpuList } from '@cloudbench/environment-kit'
import { z } from '@cloudbench/schema'

const cpuList = z.string().refine((text) => (parseCpuList(text)?.length ?? 0) > 0, {
  error: 'expected a list of CPUs, such as 1-3 or 0,2,4',
})

/** The options of the `numa` environment. */
export const options = z.strictObject({
  placement: z
    .enum(['auto', 'always', 'off'])
    .default('auto')
    .describe(
      'When workers are bound to a node: `auto` on a machine with several, `always` on one with a single node too',
    ),
  nodes: z
    .array(z.int().nonnegative())
    .min(1)
    .optional()
    .describe('Nodes that get workers, instead of all with CPUs'),
  cpus: cpuList.optional().describe('CPUs that workers may use, such as `1-3`, instead of all'),
  serverCpus: cpuList
    .optional()
    .describe(
      'CPUs kept free of workers; servers that cloudbench starts run there, and so does its main process',
    ),
  memory: z
    .enum(['bind', 'prefer', 'interleave', 'none'])
    .default('bind')
    .describe(
      'Where workers of a node get memory: only there, there if possible, from all nodes in turn, or anywhere',
    ),
  root: z.string().default('/').describe('Where /proc and /sys are found'),
})

export type NumaOptions = z.output<typeof options>

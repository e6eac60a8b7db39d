import { defineEnvironment } from '@cloudbench/core'
import { advise } from './advise.ts'
import { discover } from './discover.ts'
import { launch } from './launch.ts'
import { options } from './options.ts'
import { verify } from './verify.ts'
import { watch } from './watch.ts'

/** Fits the heap of every worker into the memory limit of the container, proves that it took effect, and watches the limit. */
export default defineEnvironment({
  name: 'memory',
  options,
  discover: ({ options: { root } }) => discover(root),
  advise: ({ options: { root } }) => advise(root),
  launch,
  verify,
  watch,
})

export type { MemoryOptions } from './options.ts'

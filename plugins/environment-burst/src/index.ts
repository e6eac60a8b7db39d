import { defineEnvironment } from '@cloudbench/core'
import { advise } from './advise.ts'
import { discover } from './facts/discover.ts'
import { options } from './options.ts'
import { watch } from './watch.ts'

/** Says how much CPU time this machine really has, and when it was taken away during a measurement. */
export default defineEnvironment({
  name: 'burst',
  options,
  discover: ({ options: { root } }) => discover(root),
  advise,
  watch,
})

export type { BurstOptions } from './options.ts'

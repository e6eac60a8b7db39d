import { defineEnvironment } from '@cloudbench/core'
import { advise } from './advise.ts'
import { apply } from './apply.ts'
import { discover } from './discover.ts'
import { launch } from './launch.ts'
import { options } from './options.ts'
import { verify } from './verify.ts'
import { watch } from './watch.ts'

/** Places workers on NUMA nodes and CPUs, and proves that they run there. */
export default defineEnvironment({
  name: 'numa',
  options,
  discover: ({ options: { root } }) => discover(root),
  advise,
  apply,
  launch,
  verify: (launched, { options: { root } }) => verify(launched, root),
  watch: ({ options: { root } }) => watch(root),
})

export type { NumaOptions } from './options.ts'

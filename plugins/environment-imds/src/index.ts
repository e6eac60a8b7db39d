import { defineEnvironment } from '@cloudbench/core'
import { advise } from './advise.ts'
import { derive } from './derive.ts'
import { discover } from './discover.ts'
import { launch, verify } from './heap.ts'
import { options } from './options.ts'

/** Asks the metadata service of the cloud what machine this is, and fits connections and heaps to it. */
export default defineEnvironment({ name: 'imds', options, discover, derive, advise, launch, verify })

export type { ImdsOptions } from './options.ts'

import { defineEnvironment } from '@cloudbench/core'
import { derive } from './derive.ts'
import { discover } from './discover.ts'
import { launch, verify } from './heap.ts'
import { options } from './options.ts'

/** Asks the metadata service of the cloud what machine this is, and fits connections and heaps to it. */
export default defineEnvironment({ name: 'imds', options, discover, derive, launch, verify })

export type { ImdsOptions } from './options.ts'

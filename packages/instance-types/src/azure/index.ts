import type { InstanceType } from '../instance-type.ts'
import * as burstable from './burstable.ts'
import * as compute from './compute.ts'
import * as general from './general.ts'
import * as memory from './memory.ts'

/** All of them, family by family. */
export const azure: readonly InstanceType[] = [burstable, compute, general, memory].flatMap((families) =>
  Object.values(families).flat(),
)

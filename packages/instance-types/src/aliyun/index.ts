import type { InstanceType } from '../instance-type.ts'
import * as burstable from './burstable.ts'
import * as enterprise from './enterprise.ts'

/** All of them, family by family. */
export const aliyun: readonly InstanceType[] = [burstable, enterprise].flatMap((families) =>
  Object.values(families).flat(),
)

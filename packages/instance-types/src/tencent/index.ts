import type { InstanceType } from '../instance-type.ts'
import * as compute from './compute.ts'
import * as standard from './standard.ts'

/** All of them, family by family. */
export const tencent: readonly InstanceType[] = [compute, standard].flatMap((families) =>
  Object.values(families).flat(),
)

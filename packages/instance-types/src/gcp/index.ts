import type { InstanceType } from '../instance-type.ts'
import * as compute from './compute.ts'
import * as fourthGeneration from './fourth-generation.ts'
import * as general from './general.ts'

/** All of them, family by family. */
export const gcp: readonly InstanceType[] = [compute, fourthGeneration, general].flatMap((families) =>
  Object.values(families).flat(),
)

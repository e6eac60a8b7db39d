import type { InstanceType } from '../instance-type.ts'
import * as burstable from './burstable.ts'
import * as compute from './compute.ts'
import * as eighthGeneration from './eighth-generation.ts'
import * as flex from './flex.ts'
import * as general from './general.ts'
import * as memory from './memory.ts'
import * as network from './network.ts'
import * as storage from './storage.ts'

/** All of them, family by family. */
export const aws: readonly InstanceType[] = [
  burstable,
  compute,
  eighthGeneration,
  flex,
  general,
  memory,
  network,
  storage,
].flatMap((families) => Object.values(families).flat())

import type { InstanceType } from '../instance-type.ts'
import * as arm from './arm.ts'
import * as burstable from './burstable.ts'
import * as compute from './compute.ts'
import * as general from './general.ts'
import * as memory from './memory.ts'
import * as older from './older.ts'
import * as sixthGeneration from './sixth-generation.ts'
import * as storage from './storage.ts'

/** All of them, family by family. */
export const azure: readonly InstanceType[] = [
  arm,
  burstable,
  compute,
  general,
  memory,
  older,
  sixthGeneration,
  storage,
].flatMap((families) => Object.values(families).flat())

export {
  type CgroupController,
  type CgroupPath,
  type Cgroups,
  type CpuQuota,
  findCgroups,
  findMemoryGroups,
  findQuota,
  type MemoryGroups,
  type MemoryLimit,
} from './cgroup/index.ts'
export { type Counts, countsIn, readCounts } from './counts.ts'
export { formatCpuList, parseCpuList } from './cpu-list.ts'
export { numberIn, readNumber, readText } from './files.ts'
export { heapFlagsOf, leastHeapMb, type HeapFlags } from './heap/flags.ts'
export { lostFlag, provenHeapLimit } from './heap/proof.ts'
export { findPressure, type Pressure, pressureIn, readPressure } from './pressure.ts'
export { createTally } from './tally.ts'
export { missing, type SignalSource, watcherOf } from './watchers.ts'

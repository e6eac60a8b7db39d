export { type CgroupController, type CgroupPath, type Cgroups, findCgroups } from './find.ts'
export { findMemoryGroups, type MemoryGroups, type MemoryLimit } from './memory-groups.ts'
export { type CpuQuota, findQuota } from './quota.ts'

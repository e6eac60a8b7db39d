export { type CgroupController, type CgroupPath, type Cgroups, findCgroups } from './find.ts'

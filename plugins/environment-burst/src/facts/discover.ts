import { join } from 'node:path'
import type { Facts } from '@cloudbench/core'
import { findCgroups, findPressure, findQuota, readText } from '@cloudbench/environment-kit'
import { clockSource } from './clock-source.ts'
import { instanceType, typeInFirmware } from './instance.ts'

/**
 * What decides how much CPU time this machine really has. Never rejects; what cannot be read is absent. It runs beside the
 * environments that ask the provider, so that of the instance it knows what the firmware says.
 */
export async function discover(root: string): Promise<Facts> {
  const cgroups = await findCgroups(root)
  const [hostType, type, quota, clock, pressureFile, hasHypervisor] = await Promise.all([
    typeInFirmware(root),
    instanceType({}, root),
    findQuota(root, cgroups),
    clockSource(root),
    findPressure(root, cgroups, 'cpu'),
    hypervisorFlag(root),
  ])
  return {
    ...(hostType !== undefined && { 'host.type': hostType }),
    ...(type && { 'host.isBurstable': type.burst !== undefined }),
    ...(type?.burst && { 'cpu.baselineShare': type.burst.baselineShare }),
    ...(type?.burst?.creditsPerHour !== undefined && { 'cpu.creditsPerHour': type.burst.creditsPerHour }),
    ...(quota && {
      'cpu.quotaCount': quota.cpus,
      'cpu.quotaPeriodMs': quota.periodMs,
      'cpu.quotaFile': quota.file,
    }),
    ...(clock !== undefined && { 'clock.source': clock }),
    'pressure.isAvailable': pressureFile !== undefined,
    ...(hasHypervisor !== undefined && { 'cpu.hasHypervisorFlag': hasHypervisor }),
  }
}

/** x86 CPUs have a flag that hypervisors set for their guests. Undefined where CPUs have no such flag. */
async function hypervisorFlag(root: string): Promise<boolean | undefined> {
  const flags = /^flags\s*:(.*)$/m.exec((await readText(join(root, 'proc/cpuinfo'))) ?? '')?.[1]
  return flags?.split(' ').includes('hypervisor')
}

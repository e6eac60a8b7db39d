import type { InstanceType } from '../instance-type.ts'

/** A type with disks of its own, such as `c3-standard-8-lssd`: it has the vCPUs and the memory of the one without. */
export function localSsdType(
  name: string,
  types: ReadonlyMap<string, InstanceType>,
): InstanceType | undefined {
  const without = /^(c3d?|c4[ad]?)-.*(?=-lssd$)/.exec(name)?.[0]
  const type = without === undefined ? undefined : types.get(without)
  return type && { ...type, name }
}

import type { InstanceType } from '../instance-type.ts'

const source = 'https://learn.microsoft.com/azure/virtual-machines/constrained-vcpu'

/** A size with fewer vCPUs than its memory comes with, such as `Standard_E8-2s_v5`: two vCPUs, and the rest of `Standard_E8s_v5`. */
export function constrainedType(
  name: string,
  types: ReadonlyMap<string, InstanceType>,
): InstanceType | undefined {
  const [, series, size, vCpus, rest] = /^(standard_[a-z]+)(\d{1,3})-(\d{1,3})([a-z]*_v\d)$/.exec(name) ?? []
  const whole = types.get(`${series}${size}${rest}`)
  const count = Number(vCpus)
  if (whole === undefined || count < 1 || count >= whole.vCpus) return undefined
  const { provider, memoryBytes, date } = whole
  return { provider, name: whole.name.replace(/\d+/, `$&-${count}`), vCpus: count, memoryBytes, source, date }
}

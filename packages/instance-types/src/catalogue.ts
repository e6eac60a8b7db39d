import { aliyun } from './aliyun/index.ts'
import { aws } from './aws/index.ts'
import { constrainedType } from './azure/constrained.ts'
import { azure } from './azure/index.ts'
import { customType } from './gcp/custom.ts'
import { gcp } from './gcp/index.ts'
import { localSsdType } from './gcp/local-ssd.ts'
import type { InstanceType, Provider } from './instance-type.ts'
import { tencent } from './tencent/index.ts'

const catalogue: Readonly<Record<Provider, readonly InstanceType[]>> = { aws, azure, gcp, aliyun, tencent }

/** Longer than any name that a provider gives. */
const longestName = 64

const byName = new Map<Provider, ReadonlyMap<string, InstanceType>>()

/** All types of a provider that the catalogue has, family by family. */
export function instanceTypes(provider: Provider): readonly InstanceType[] {
  return catalogue[provider]
}

/** The type of this name; undefined where the catalogue does not have it. Names are compared without regard to case. */
export function instanceTypeOf(provider: Provider, name: string): InstanceType | undefined {
  if (name.length > longestName) return undefined
  let types = byName.get(provider)
  if (types === undefined) {
    types = new Map(instanceTypes(provider).map((type) => [type.name.toLowerCase(), type]))
    byName.set(provider, types)
  }
  const written = name.toLowerCase()
  return types.get(written) ?? composedType(provider, written, types)
}

/** One whose name is put together by rules that its provider publishes. */
function composedType(
  provider: Provider,
  name: string,
  types: ReadonlyMap<string, InstanceType>,
): InstanceType | undefined {
  if (provider === 'azure') return constrainedType(name, types)
  if (provider === 'gcp') return customType(name) ?? localSsdType(name, types)
  return undefined
}

/** Whether machines of this type run at a share of a CPU and exceed it for a while; undefined where the type is not known. */
export function isBurstable(provider: Provider, name: string): boolean | undefined {
  const type = instanceTypeOf(provider, name)
  return type && type.burst !== undefined
}

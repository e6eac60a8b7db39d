import type { EnvironmentContext, Facts } from '@cloudbench/core'
import { findCgroups, findMemoryGroups, findQuota } from '@cloudbench/environment-kit'
import { type InstanceType, instanceTypeOf, type Provider } from '@cloudbench/instance-types'
import type { Instance } from './clouds/cloud.ts'
import { clouds } from './clouds/index.ts'
import { type Dmi, readDmi } from './dmi.ts'
import type { ImdsOptions } from './options.ts'
import { type Place, probe } from './probe.ts'

/** What the metadata service says about this machine, and the catalogue about machines of its type. Never rejects. */
export async function discover({ options, log, signal }: EnvironmentContext<ImdsOptions>): Promise<Facts> {
  const dmi = await readDmi(options.root)
  const { found, because } = await probe(placesOf(options, dmi), { ...options, signal })
  const doubts = found ? doubtsOf(found.provider, found.instance, dmi) : because
  if (found && doubts.length === 0) return await factsOf(found.provider, found.instance, options.root)
  for (const reason of doubts) log.warn(`${reason}; nothing is derived from it`)
  const vendor = [dmi.vendor, dmi.product].filter((text) => text !== undefined).join(' ')
  const nothing = `no metadata service answers${vendor && `; the firmware says ${vendor}`}`
  return { 'imds.unknown': doubts.length > 0 ? doubts.join('; ') : nothing }
}

/** Those that were named; else the one that the firmware names, since firmware can be read in no time; else all. */
export function placesOf(options: ImdsOptions, { vendor }: Dmi): readonly Place[] {
  const given = Object.keys(options.endpoint)
  const named = options.clouds ?? (given.length > 0 ? given : undefined)
  const likely = clouds.filter((cloud) => cloud.vendor === vendor)
  const asked = named
    ? clouds.filter(({ name }) => named.includes(name))
    : likely.length > 0
      ? likely
      : clouds
  return asked.map((cloud) => ({ cloud, endpoint: options.endpoint[cloud.name] ?? cloud.endpoint }))
}

/** AWS writes the instance id into the firmware too: a service that says another one speaks of another machine. */
function doubtsOf(provider: Provider, { id }: Instance, { vendor, assetTag }: Dmi): readonly string[] {
  const isOther =
    provider === 'aws' && vendor === 'Amazon EC2' && assetTag?.startsWith('i-') && assetTag !== id
  return isOther ? [`the service of aws speaks of ${id}, and the firmware says that this is ${assetTag}`] : []
}

async function factsOf(provider: Provider, instance: Instance, root: string): Promise<Facts> {
  const type = instance.type === undefined ? undefined : instanceTypeOf(provider, instance.type)
  const limits = type && (await limitsBelow(type, root))
  return defined({
    ...limits,
    'cloud.provider': provider,
    'cloud.region': instance.region,
    'cloud.zone': instance.zone,
    'host.id': instance.id,
    'host.type': instance.type,
    'host.imageId': instance.imageId,
    'host.lifecycle': instance.lifecycle,
    'host.vCpuCount': type?.vCpus,
    'host.memoryBytes': type?.memoryBytes,
    'host.isBurstable': type && type.burst !== undefined,
    'network.interfaceCount': instance.interfaceCount,
    'network.interfaceIds': instance.interfaceIds?.join(' ') || undefined,
    'imds.unknown':
      type === undefined
        ? `${instance.type ?? 'the type'} is not in the catalogue of instance types`
        : undefined,
  })
}

/** What a container may use, where that is less than the instance has. */
async function limitsBelow({ vCpus, memoryBytes }: InstanceType, root: string): Promise<Facts> {
  const [groups, quota] = await Promise.all([
    findMemoryGroups(root),
    findCgroups(root).then((cgroups) => findQuota(root, cgroups)),
  ])
  const limit = await groups.limitBelow(memoryBytes)
  return {
    ...(limit && { 'memory.limitBytes': limit.bytes }),
    ...(quota && quota.cpus < vCpus && { 'cpu.quotaCount': quota.cpus }),
  }
}

function defined(facts: Readonly<Record<string, Facts[string] | undefined>>): Facts {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as Facts
}

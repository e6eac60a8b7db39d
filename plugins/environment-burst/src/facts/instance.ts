import { join } from 'node:path'
import type { Facts } from '@cloudbench/core'
import { readText } from '@cloudbench/environment-kit'
import type { InstanceType, Provider } from '@cloudbench/instance-types'

/** An instance that may exceed its share of the CPUs for a while. */
export type BurstableType = InstanceType & Required<Pick<InstanceType, 'burst'>>

/** The instance type by what an environment that asked the provider discovered; else by the firmware. */
export async function instanceType(
  facts: Readonly<Record<string, Facts>>,
  root: string,
): Promise<InstanceType | undefined> {
  for (const { 'cloud.provider': provider, 'host.type': name } of Object.values(facts))
    if (isProvider(provider) && name !== undefined) return lookUp(provider, name)
  const name = await typeInFirmware(root)
  return name === undefined ? undefined : lookUp('aws', name)
}

/** Most machines are in no cloud, and need no catalogue. */
async function lookUp(provider: Provider, name: string): Promise<InstanceType | undefined> {
  const { instanceTypeOf } = await import('@cloudbench/instance-types')
  return instanceTypeOf(provider, name)
}

function isProvider(name: string | undefined): name is Provider {
  return name !== undefined && Object.hasOwn(providers, name)
}

const providers: Readonly<Record<Provider, true>> = {
  aws: true,
  azure: true,
  gcp: true,
  aliyun: true,
  tencent: true,
}

export function isBurstable(type: InstanceType | undefined): type is BurstableType {
  return type?.burst !== undefined
}

/** AWS writes it there on its Nitro machines; the other providers write the name of a product. */
export async function typeInFirmware(root: string): Promise<string | undefined> {
  const read = async (name: string): Promise<string | undefined> =>
    (await readText(join(root, 'sys/class/dmi/id', name)))?.trim()
  if ((await read('sys_vendor')) !== 'Amazon EC2') return undefined
  const name = await read('product_name')
  return name !== undefined && /^[a-z][a-z\d-]*\.[a-z\d-]+$/.test(name) ? name : undefined
}

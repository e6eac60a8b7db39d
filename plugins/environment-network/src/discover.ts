import type { EnvironmentContext, Facts } from '@cloudbench/core'
import { findInterfaces, mainInterface } from './interfaces.ts'
import { journalFolder } from './journal/folder.ts'
import { recover } from './journal/recover.ts'
import type { NetworkOptions } from './options.ts'
import { ownIdentity } from './process-identity.ts'
import { availableCongestionControlKey, isCongestionControl, isValueOf, settableKeys } from './settings.ts'
import { readSetting } from './sysctl.ts'

/**
 * The kernel settings as they are, and the interface that packets leave by. What a run that was killed has left is put back
 * first: it is not how this machine is set. Never rejects; what cannot be read is absent.
 */
export async function discover({
  options: { root },
  log,
}: EnvironmentContext<NetworkOptions>): Promise<Facts> {
  const own = await ownIdentity()
  if (own !== undefined) await recover({ folder: journalFolder(), root, own, log })
  const main = await mainInterface(root, (await findInterfaces(root)) ?? [])
  return {
    ...(await settingFacts(root)),
    ...(main && { 'network.interface': main.name }),
    ...(main?.driver !== undefined && { 'network.driver': main.driver }),
    ...(main?.bitsPerSecond !== undefined && { 'network.linkBitsPerSecond': main.bitsPerSecond }),
  }
}

/** Single numbers as numbers; what no kernel says of a setting is left out. */
export async function settingFacts(root: string): Promise<Facts> {
  const entries = await Promise.all(
    settableKeys.map(async (key) => {
      const value = await readSetting(root, key)
      if (value === undefined || !isValueOf(key, value)) return []
      return [[key, /^\d+$/.test(value) ? Number(value) : value] as const]
    }),
  )
  const available = await readSetting(root, availableCongestionControlKey)
  const isList = available?.split(' ').every(isCongestionControl)
  return Object.fromEntries([
    ...entries.flat(),
    ...(isList ? [[availableCongestionControlKey, available]] : []),
  ])
}

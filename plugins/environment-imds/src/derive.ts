import type { DerivedSetting, EnvironmentContext } from '@cloudbench/core'
import type { ImdsOptions } from './options.ts'

const mostConnections = 256

/** Two connections for each vCPU, or for each CPU of a container that has fewer. Nothing where the machine is not known. */
export function derive({
  options,
  facts,
}: Pick<EnvironmentContext<ImdsOptions>, 'options' | 'facts'>): readonly DerivedSetting[] {
  const path = 'defaults.connections'
  if (options.connections !== undefined)
    return [{ path, value: options.connections, reason: 'its option connections' }]
  const { 'host.vCpuCount': vCpus, 'cpu.quotaCount': quota } = facts['imds'] ?? {}
  if (vCpus === undefined) return []
  const isLimited = typeof quota === 'number' && quota < vCpus
  const wanted = Math.ceil(isLimited ? quota * 2 : vCpus * 2)
  const rule = isLimited ? `CPU quota of ${quota} × 2` : 'vCPU × 2'
  const value = Math.min(wanted, mostConnections)
  return [{ path, value, reason: value < wanted ? `${rule}, at most ${mostConnections}` : rule }]
}

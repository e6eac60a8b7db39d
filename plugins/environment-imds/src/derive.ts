import type { DerivedSetting, EnvironmentContext } from '@cloudbench/core'
import type { ImdsOptions } from './options.ts'

const mostConnections = 256

/** Two connections for each vCPU. Nothing where the machine is not known. */
export function derive({
  options,
  facts,
}: Pick<EnvironmentContext<ImdsOptions>, 'options' | 'facts'>): readonly DerivedSetting[] {
  const path = 'defaults.connections'
  if (options.connections !== undefined)
    return [{ path, value: options.connections, reason: 'its option connections' }]
  const vCpus = facts['imds']?.['host.vCpuCount']
  if (vCpus === undefined) return []
  const value = Math.min(vCpus * 2, mostConnections)
  return [{ path, value, reason: value < vCpus * 2 ? `vCPU × 2, at most ${mostConnections}` : 'vCPU × 2' }]
}

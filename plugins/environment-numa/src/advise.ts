import type { Advice, EnvironmentContext } from '@cloudbench/core'
import type { NumaOptions } from './options.ts'

/** Whether workers may end up anywhere. */
export function advise({
  facts,
  options: { placement },
}: Pick<EnvironmentContext<NumaOptions>, 'facts' | 'options'>): readonly Advice[] {
  const count = facts['numa']?.['numa.nodeCount']
  if (placement !== 'off' || typeof count !== 'number' || count < 2) return []
  return [
    {
      what: `workers run on any of ${count} NUMA nodes: placement is off`,
      why: 'memory of another node takes longer, so runs differ by where the kernel happens to put workers',
      how: "placement: 'auto' in the options of the environment numa",
    },
  ]
}

import type { Advice, EnvironmentContext } from '@cloudbench/core'

/** What the cloud says that a measurement may suffer from, and what it does not say. */
export function advise({ facts }: Pick<EnvironmentContext, 'facts'>): readonly Advice[] {
  const { 'imds.unknown': unknown, 'host.lifecycle': lifecycle } = facts['imds'] ?? {}
  const advice: Advice[] = []
  if (typeof unknown === 'string')
    advice.push({
      what: unknown,
      why: 'connections and heaps are not fitted to a machine that is not known',
      how: 'set connections and heapMb of the environment imds, or leave imds out',
      state: 'note',
    })
  if (lifecycle === 'spot')
    advice.push({
      what: 'this is a spot instance',
      why: 'the provider may take it away in the middle of a run',
      how: 'use an on-demand instance for long runs',
      state: 'note',
    })
  return advice
}

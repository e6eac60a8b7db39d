import type { WorkerInfo } from '../plugin/model.ts'

/**
 * Where workers run that an environment placed, as it proved inside of them: `workers 0, 1 on CPUs 0-3 of node 0`. Empty
 * where none was placed.
 */
export function formatPlacement(workers: readonly WorkerInfo[]): string[] {
  const placed = new Map<string, number[]>()
  for (const { index, launch, facts } of workers) {
    // any environment may place workers
    const proved = Object.values(facts).find((own) => typeof own['numa.cpus'] === 'string')
    const { 'numa.cpus': cpus, 'numa.nodes': nodes } = proved ?? {}
    if (launch.wrap.length === 0 || typeof cpus !== 'string') continue
    const place = `on CPUs ${cpus}${typeof nodes === 'string' ? ` of node ${nodes}` : ''}`
    placed.set(place, [...(placed.get(place) ?? []), index])
  }
  return Array.from(
    placed,
    ([place, indexes]) => `${indexes.length === 1 ? 'worker' : 'workers'} ${indexes.join(', ')} ${place}`,
  )
}

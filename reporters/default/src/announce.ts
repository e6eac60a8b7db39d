import type { Scenario, Target } from '@cloudbench/core'
import { formatClient, formatDuration, formatLoad, visible } from '@cloudbench/core/text'

const origins: Readonly<Record<Target['origin'], string>> = {
  given: '',
  found: ', a service found on this machine',
  started: ', a service started for this run',
  loopback: ", the driver's own loopback server: the floor, it does no work",
}

/** What is about to run, as lines. */
export function announce(scenario: Scenario, number: number, total: number): string[] {
  const { id, description, tags, flows, phases, workers, workersReason, seed } = scenario
  const lines = [
    visible(
      `${id}${total > 1 ? ` (${number} of ${total})` : ''}${description === '' ? '' : `: ${description}`}`,
    ),
  ]
  if (tags.length > 0) lines.push(visible(`  tags: ${tags.join(', ')}`))
  const measured = phases.find(({ kind }) => kind === 'measure') ?? phases[0]
  for (const { name, driver, workload, client, target } of flows) {
    const load = measured?.loads[name]
    const label = flows.length > 1 ? `${name}: ` : ''
    const by = client ? ` by ${formatClient(client)}` : ''
    lines.push(visible(`  ${label}${driver} ${workload}${by} on ${target.url}${origins[target.origin]}`))
    if (load) lines.push(`  ${flows.length > 1 ? '  ' : ''}${formatLoad(load)}`)
  }
  const length = phases
    .map(({ name, durationMs }) => `${visible(name)} ${formatDuration(durationMs)}`)
    .join(', ')
  lines.push(`  ${length}, ${workers} ${workers === 1 ? 'worker' : 'workers'}, seed ${seed}`)
  if (workersReason !== undefined) lines.push(visible(`  workers: ${workersReason}`))
  return lines
}

/** Warns, with every result, what it must not be mistaken for. */
export function caveat({ flows }: Scenario): string | undefined {
  const floors = flows.filter(({ target }) => target.origin === 'loopback')
  if (floors.length === 0) return undefined
  const which =
    floors.length === flows.length ? '' : ` (${floors.map(({ name }) => visible(name)).join(', ')})`
  return `loopback${which}: the cost of generator and client library alone, not the speed of a service`
}

import type { Load } from '@cloudbench/core'
import type { RunPlan, ScenarioPlan } from '@cloudbench/core/program'
import { createStyle, redactValue } from '@cloudbench/core/text'
import type { CommandContext } from './command-context.ts'

/** Prints what a run would do. */
export function printPlan(plan: RunPlan, { terminal, redact }: CommandContext): void {
  const { bold, dim } = createStyle(terminal.stdout.color)
  const lines: string[] = []
  for (const scenario of plan.scenarios) {
    lines.push(`${bold(scenario.id)}  ${scenario.description}`)
    if (scenario.tags.length > 0) lines.push(`  tags: ${scenario.tags.join(', ')}`)
    const { clients } = scenario
    if (clients !== undefined)
      lines.push(`  once for ${clients === 'all' ? 'each client of the driver' : clients.join(', ')}`)
    for (const { name, driver, workload, target } of scenario.flows)
      lines.push(
        `  flow ${name}: ${driver}${workload ? ` ${workload}` : ''} on ${target.name} (${redactValue(target.url ?? 'auto')})`,
      )
    for (const { name, durationMs, loads } of scenario.phases)
      for (const [flow, load] of Object.entries(loads))
        lines.push(`  ${name} ${seconds(durationMs)}: ${flow} ${loadText(load)}`)
    lines.push(`  ${workersText(scenario.workers)}, seed ${scenario.seed}`)
    for (const { name, expected } of scenario.checks) lines.push(`  check ${name} ${expected}`)
    for (const { kind, scoped, expression } of scenario.alerts)
      lines.push(`  ${kind === 'abort' ? 'abort' : 'alert'} ${scoped.name} ${expression}`)
    lines.push(...verdictLines(scenario), '')
  }
  lines.push(dim(`results go to ${plan.outputFolder}`), dim(`configuration ${plan.configDigest}`))
  terminal.stdout.write(redact(lines.map((line) => `${line}\n`).join('')))
}

/** Only what was asked for. */
function verdictLines({ verdict }: ScenarioPlan): string[] {
  if (verdict === undefined) return []
  const thresholds = Object.keys(verdict.thresholds)
  return [
    ...(verdict.required === 'valid' ? ['  numbers have to be valid'] : []),
    ...(verdict.isInvalidAllowed ? ['  invalid numbers are allowed'] : []),
    ...(thresholds.length > 0 ? [`  own thresholds: ${thresholds.join(', ')}`] : []),
  ]
}

function workersText(workers: number | 'auto'): string {
  if (workers === 'auto') return 'as many workers as a calibration finds'
  return `${workers} ${workers === 1 ? 'worker' : 'workers'}`
}

function loadText(load: Load): string {
  const connections = `${load.connections} ${load.connections === 1 ? 'connection' : 'connections'}`
  if (load.model === 'closed')
    return `${connections}, as fast as answers come${load.thinkMs > 0 ? `, ${load.thinkMs} ms pause` : ''}`
  const [first] = load.stages
  const rates = [first?.fromPerSecond ?? 0, ...load.stages.map((stage) => stage.toPerSecond)]
  const distinct = rates.filter((rate, at) => rate !== rates[at - 1])
  return `${distinct.map((rate) => `${round(rate)}/s`).join(' → ')} ${load.arrivals}, ${connections}`
}

function seconds(durationMs: number): string {
  return `${round(durationMs / 1000)} s`
}

function round(value: number): number {
  return Number(value.toPrecision(4))
}

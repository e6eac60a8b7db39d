import { createStyle } from '@cloudbench/core/text'
import type { CommandContext } from '../command-context.ts'
import { examineConfig } from '../doctor/examine-config.ts'
import { examineMachine } from '../doctor/examine-machine.ts'
import { examinePlugins } from '../doctor/examine-plugins.ts'
import { examineServices } from '../doctor/examine-services.ts'
import type { Finding } from '../doctor/finding.ts'
import type { ConfigArguments } from '../options.ts'

/** Checks everything that a run needs. Returns 2 when something makes runs impossible. */
export async function doctor(context: CommandContext, given: ConfigArguments): Promise<number> {
  const { config, findings, services } = await examineConfig(context, given)
  const all = [
    ...examineMachine(),
    ...(await examineServices(services)),
    ...(config === undefined ? [] : await examinePlugins(config, context)),
    ...findings,
  ]
  const { bad, dim, doubtful, good } = createStyle(context.terminal.stdout.color)
  const signs: Readonly<Record<Finding['state'], string>> = {
    good: good('✓'),
    doubtful: doubtful('!'),
    bad: bad('✗'),
  }
  const lines = all.flatMap(({ state, what, advice }) => [
    `${signs[state]} ${what}`,
    ...(advice === undefined ? [] : [dim(`  → ${advice}`)]),
  ])
  const count = (state: Finding['state']) => all.filter((finding) => finding.state === state).length
  const summary = `${count('good')} ok, ${count('doubtful')} doubtful, ${count('bad')} failed`
  context.terminal.stdout.write(context.redact(`${lines.join('\n')}\n\n${summary}\n`))
  return count('bad') > 0 ? 2 : 0
}

import type { Plugin } from '@cloudbench/core'
import type { CommandContext } from './command-context.ts'

/** What takes no longer is not worth a line. */
const patienceMs = 900

/** Says on stderr what a run waits for, once for each step that takes long, unless a reporter shows it on the screen. */
export function stepNotices(
  { terminal, redact }: Pick<CommandContext, 'terminal' | 'redact'>,
  hasScreen: () => boolean,
): Plugin {
  let current: string | undefined
  let timer: NodeJS.Timeout | undefined
  const end = (): void => {
    clearTimeout(timer)
    current = undefined
  }
  return {
    name: 'cloudbench',
    hooks: {
      step({ doing, scenario }) {
        const step = scenario === undefined ? doing : `${scenario}: ${doing}`
        // it is told again with every detail
        if (hasScreen() || step === current) return
        end()
        current = step
        timer = setTimeout(() => terminal.stderr.write(redact(`${step} …\n`)), patienceMs)
      },
      'phase:start': end,
      'run:end': end,
      close: end,
    },
  }
}

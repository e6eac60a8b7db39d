import { createStyle, redactValue } from '@cloudbench/core/text'
import { listServices, stopService } from '@cloudbench/services'
import type { CommandContext } from '../command-context.ts'

/** Stops services that `up` left running. */
export async function down({ terminal }: CommandContext, service: string | undefined): Promise<number> {
  const { bold, dim } = createStyle(terminal.stdout.color)
  const names = service === undefined ? (await listServices()).map(({ name }) => name) : [service]
  if (names.length === 0) terminal.stdout.write('no service started by cloudbench up is running\n')
  for (const name of names) {
    const result = await stopService(name)
    terminal.stdout.write(
      result.stopped
        ? `${bold(name)}  stopped  ${dim(redactValue(result.url))}\n`
        : `${bold(name)}  was not running, or was not started by cloudbench up\n`,
    )
  }
  return 0
}

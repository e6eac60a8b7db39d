import { CloudbenchError } from '@cloudbench/core'
import { createStyle, redactValue } from '@cloudbench/core/text'
import { serviceNames, startService } from '@cloudbench/services'
import type { CommandContext } from '../command-context.ts'

export interface UpArguments {
  readonly port?: string
  readonly showPassword?: boolean
}

/** Starts services and leaves them running. */
export async function up(
  { redact, terminal }: CommandContext,
  service: string | undefined,
  { port, showPassword = false }: UpArguments,
): Promise<number> {
  const { bold, dim } = createStyle(terminal.stdout.color)
  const names = service === undefined ? serviceNames : [service]
  if (port !== undefined && names.length > 1)
    throw new CloudbenchError({
      code: 'CB_USAGE',
      what: '--port needs exactly one service',
      next: `cloudbench up ${names[0]} --port ${port}`,
    })
  const options = port === undefined ? {} : { port: portOf(port) }
  for (const name of names) {
    const { url, how, pid, reused, notes } = await startService(name, options)
    for (const note of notes) terminal.stderr.write(`${dim(redact(note))}\n`)
    const way = how === 'compose' ? 'Docker Compose' : `process ${pid}`
    const state = reused ? `already running, ${way}` : way
    terminal.stdout.write(`${bold(name)}  ${showPassword ? url : redactValue(url)}  ${dim(`(${state})`)}\n`)
  }
  terminal.stderr.write(dim(`stop with: cloudbench down${service === undefined ? '' : ` ${service}`}\n`))
  return 0
}

function portOf(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port
  throw new CloudbenchError({
    code: 'CB_USAGE',
    what: `--port ${text} is not a port`,
    expected: 'a number from 1 to 65535',
  })
}

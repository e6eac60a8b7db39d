import { resolve } from 'node:path'
import type { Output, ReporterPlugin, RunResult } from '@cloudbench/core'

/** What a reporter wrote of a run, in memory. */
export interface Told {
  /** By path, as the reporter named them. */
  readonly files: ReadonlyMap<string, string>
  readonly stdout: string
  readonly stderr: string
  /** Lines of the log. */
  readonly log: readonly string[]
}

interface Telling {
  /** As the user writes them. @default {} */
  readonly options?: unknown
  /** @default the text itself */
  readonly redact?: (text: string) => string
  /** Plays only the beginning, as when the process is killed. */
  readonly untilStart?: boolean
}

/** Plays a whole run to a reporter, as the host does, and returns what it wrote. */
export async function tell(
  plugin: ReporterPlugin,
  result: RunResult,
  { options = {}, redact = (text) => text, untilStart = false }: Telling = {},
): Promise<Told> {
  const parsed = plugin.options ? await plugin.options['~standard'].validate(options) : { value: options }
  if (parsed.issues) throw new Error(parsed.issues.map(({ message }) => message).join('; '))
  const files = new Map<string, string>()
  const written = { stdout: '', stderr: '' }
  const log: string[] = []
  const folder = '/output'
  const put =
    (isAdded: boolean): Output['write'] =>
    async (file, content) => {
      const text = typeof content === 'string' ? redact(content) : new TextDecoder().decode(content)
      files.set(file, (isAdded ? (files.get(file) ?? '') : '') + text)
      return resolve(folder, file)
    }
  const stream = (name: keyof typeof written) => ({
    isTTY: false,
    columns: 80,
    color: false,
    write: (text: string) => void (written[name] += redact(text)),
  })
  const [stdout, stderr] = [stream('stdout'), stream('stderr')]
  const say = (message: string): void => void log.push(redact(message))
  const reporter = await plugin.create({
    options: parsed.value,
    log: { debug: () => {}, info: say, warn: say },
    output: { folder, write: put(false), append: put(true) },
    terminal: { stdout, stderr, screen: stdout },
    redact,
  })
  await reporter.onRunStart?.(result.run)
  for (const { scenario, phases, ...rest } of untilStart ? [] : result.scenarios) {
    await reporter.onScenarioStart?.(scenario)
    for (const phase of phases) {
      await reporter.onPhaseStart?.(phase.phase)
      for (const interval of phase.intervals) await reporter.onInterval?.(interval)
      await reporter.onPhaseEnd?.(phase)
    }
    await reporter.onScenarioEnd?.({ scenario, phases, ...rest })
  }
  if (!untilStart) await reporter.onRunEnd?.(result)
  await reporter.close?.()
  return { files, ...written, log }
}

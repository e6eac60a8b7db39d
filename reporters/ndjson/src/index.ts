import { defineReporter } from '@cloudbench/core'
import { z } from '@cloudbench/schema'
import {
  interval,
  phaseEnd,
  phaseStart,
  runEnd,
  runStart,
  scenarioEnd,
  scenarioStart,
  type Event,
} from './events.ts'
import { lineOf } from './line.ts'

const options = z.strictObject({
  file: z
    .string()
    .min(1)
    .optional()
    .describe('Where the lines go, relative to the output folder. Default: standard output.'),
})

/** A line of JSON for everything that happens, as it happens. */
export default defineReporter({
  name: 'ndjson',
  terminal: ({ file }) => (file === undefined ? 'stdout' : undefined),
  options,
  create({ options: { file }, output, terminal, log, redact }) {
    const encoder = new TextEncoder()
    const say = async (event: Event): Promise<void> => {
      const line = lineOf(event, redact)
      if (file === undefined) terminal.stdout.write(line)
      // the first line begins a new file
      else if (event.event === 'run-start') await output.write(file, encoder.encode(line))
      else await output.append(file, encoder.encode(line))
    }
    return {
      onRunStart: (run) => say(runStart(run)),
      onScenarioStart: (scenario) => say(scenarioStart(scenario)),
      onPhaseStart: (phase) => say(phaseStart(phase)),
      onInterval: (measured) => say(interval(measured)),
      onPhaseEnd: (result) => say(phaseEnd(result)),
      onScenarioEnd: (result) => say(scenarioEnd(result)),
      async onRunEnd(result) {
        await say(runEnd(result))
        if (file !== undefined) log.info(`lines: ${file} in ${output.folder}`)
      },
    }
  },
})

import { defineReporter, flatLine, resultFile } from '@cloudbench/core'
import { visibleJson } from '@cloudbench/core/text'
import { z } from '@cloudbench/schema'
import { redactedJson } from './redacted.ts'

const options = z.strictObject({
  file: z
    .string()
    .min(1)
    .optional()
    .describe('Where the result file goes. Default: <run id>.json in the output folder.'),
  stdout: z.boolean().default(true).describe('One flat line per scenario on standard output.'),
})

/** One result file per run, and one flat line of JSON per scenario. */
export default defineReporter({
  name: 'json',
  terminal: ({ stdout }) => (stdout ? 'stdout' : undefined),
  options,
  create({ options: { file, stdout }, output, terminal, log, redact }) {
    return {
      onScenarioEnd(result) {
        if (stdout) terminal.stdout.write(`${visibleJson(flatLine(result))}\n`)
      },
      async onRunEnd(result) {
        const path = await output.write(
          file ?? `${result.run.id}.json`,
          redactedJson(resultFile(result), redact),
        )
        log.info(`result: ${path}`)
      },
    }
  },
})

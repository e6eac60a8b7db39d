import { defineReporter } from '@cloudbench/core'
import { z } from '@cloudbench/schema'
import { leastBytes, summaryOf, unfinishedSummary } from './summary.ts'

const options = z.strictObject({
  file: z
    .string()
    .min(1)
    .default('report.md')
    .describe('Where the report goes, relative to the output folder. Default: report.md.'),
  limit: z
    .number()
    .int()
    .min(leastBytes)
    .default(65_536)
    .describe('How many bytes it may have. Default: 65536, the most that GitHub takes as a comment.'),
})

/** One Markdown file per run, to be posted to a merge request. */
export default defineReporter({
  name: 'markdown',
  options,
  create({ options: { file, limit }, output, log, redact }) {
    // as bytes: a secret that is a word of the format would take it apart
    const encoder = new TextEncoder()
    const write = (text: string): Promise<string> => output.write(file, encoder.encode(text))
    return {
      /** A killed run must not leave yesterday's report to be posted. This also finds out early what cannot be written. */
      async onRunStart(run) {
        await write(unfinishedSummary(run, redact))
      },
      async onRunEnd(result) {
        log.info(`report: ${await write(summaryOf(result, { limitBytes: limit, redact }))}`)
      },
    }
  },
})

import { defineReporter } from '@cloudbench/core'
import { z } from '@cloudbench/schema'
import { pageOf, partsOf } from './page.ts'
import { reportOf, waiting, type Report } from './report.ts'

const options = z.strictObject({
  file: z
    .string()
    .min(1)
    .optional()
    .describe('Where the page goes. Default: <run id>.html in the output folder.'),
})

/** One page per run: charts, tables, and what was configured. */
export default defineReporter({
  name: 'html',
  options,
  create({ options: { file }, output, log, redact }) {
    const encoder = new TextEncoder()
    const write = async (report: Report): Promise<string> =>
      // redacted part by part: a secret may be a word of the page
      output.write(file ?? `${report.run.id}.html`, encoder.encode(pageOf(partsOf(report, redact))))
    return {
      /** A killed run must not leave a page of yesterday. This also finds out early what cannot be written. */
      async onRunStart(run) {
        await write({ run, scenarios: run.scenarios.map(waiting) })
      },
      async onRunEnd(result) {
        log.info(`report: ${await write(reportOf(result))}`)
      },
    }
  },
})

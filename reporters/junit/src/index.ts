import { defineReporter } from '@cloudbench/core'
import { z } from '@cloudbench/schema'
import { reportOf } from './report.ts'
import { suitesOf, unfinishedSuites } from './suites.ts'

const options = z.strictObject({
  file: z
    .string()
    .min(1)
    .default('junit.xml')
    .describe('Where the report goes, relative to the output folder. Default: junit.xml.'),
})

/** One JUnit file per run: a suite per scenario, a case per check, audit and error. */
export default defineReporter({
  name: 'junit',
  options,
  create({ options: { file }, output, log, redact }) {
    const encoder = new TextEncoder()
    const write = async (report: string): Promise<string> => output.write(file, encoder.encode(report))
    return {
      /** A killed run must leave a report, and not yesterday's. This also finds out early what cannot be written. */
      async onRunStart(run) {
        await write(reportOf(run, unfinishedSuites(run), redact))
      },
      async onRunEnd(result) {
        log.info(`report: ${await write(reportOf(result.run, suitesOf(result), redact))}`)
      },
    }
  },
})

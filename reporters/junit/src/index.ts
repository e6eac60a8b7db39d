import { defineReporter } from '@cloudbench/core'
import { z } from 'zod'
import { report } from './report.ts'

const options = z.strictObject({
  file: z.string().min(1).default('junit.xml').describe('Where the file goes, in the output folder.'),
})

/** JUnit XML, which CI systems show: a test suite per scenario, a test case per check and audit. */
export default defineReporter({
  name: 'junit',
  options,
  create({ options: { file }, output, log }) {
    return {
      async onRunEnd(result) {
        log.info(`JUnit: ${await output.write(file, report(result))}`)
      },
    }
  },
})

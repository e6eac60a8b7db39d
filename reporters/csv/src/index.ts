import { defineReporter } from '@cloudbench/core'
import { z } from '@cloudbench/schema'
import { intervalHead, intervalRows, totalHead, totalRows } from './tables.ts'

const file = z.string().min(1)

const options = z
  .strictObject({
    intervals: file
      .default('intervals.csv')
      .describe('Where the table of the intervals goes, in the output folder. Default: intervals.csv.'),
    totals: file
      .default('totals.csv')
      .describe('Where the table of the whole scenarios goes, in the output folder. Default: totals.csv.'),
  })
  .refine(({ intervals, totals }) => intervals !== totals, {
    message: 'must be another file than that of the intervals',
    path: ['totals'],
  })

/** Two tables per run: a row per interval, flow and operation, and a row per scenario, flow and operation. */
export default defineReporter({
  name: 'csv',
  options,
  create({ options: { intervals, totals }, output, log, redact }) {
    // as bytes: a secret that is the name of a column would take the table apart
    const encoder = new TextEncoder()
    const write = (path: string, text: string): Promise<string> => output.write(path, encoder.encode(text))
    const append = (path: string, text: string): Promise<string> => output.append(path, encoder.encode(text))
    return {
      /** Tables of an earlier run must not be taken for those of this one. */
      async onRunStart() {
        await write(intervals, intervalHead())
        await write(totals, totalHead())
      },
      /** Not before a phase is over: what a long one keeps of its intervals is what a replay has as well. */
      async onPhaseEnd(result) {
        await append(intervals, intervalRows(result, redact))
      },
      async onScenarioEnd(result) {
        await append(totals, totalRows(result, redact))
      },
      onRunEnd() {
        log.info(`tables: ${intervals}, ${totals} in ${output.folder}`)
      },
    }
  },
})

import { defineReporter, type Reporter } from '@cloudbench/core'
import { z } from '@cloudbench/schema'
import { pageOf, partsOf } from './page.ts'
import { reportOf, waiting, type Report } from './report.ts'

const options = z.strictObject({
  file: z
    .string()
    .min(1)
    .optional()
    .describe('Where the page goes. Default: <run id>.html in the output folder.'),
  ui: z.boolean().default(false).describe('Whether the page is served on 127.0.0.1 while the run goes on.'),
  port: z.int().min(0).max(65_535).default(0).describe('Where it is served; 0 is any free port.'),
  open: z
    .boolean()
    .default(true)
    .describe('Whether a browser shows it, where a person is at the terminal. Never in CI.'),
})

/** One page per run, and the same one live: charts, tables, and what was configured. */
export default defineReporter({
  name: 'html',
  options,
  async create({ options: { file, ui, port, open }, output, log, redact, terminal }) {
    const encoder = new TextEncoder()
    const write = async (report: Report): Promise<string> =>
      // redacted part by part: a secret may be a word of the page
      output.write(file ?? `${report.run.id}.html`, encoder.encode(pageOf(partsOf(report, redact))))
    const written: Reporter = {
      /** A killed run must not leave a page of yesterday. This also finds out early what cannot be written. */
      async onRunStart(run) {
        await write({ run, scenarios: run.scenarios.map(waiting) })
      },
      async onRunEnd(result) {
        log.info(`report: ${await write(reportOf(result))}`)
      },
    }
    if (!ui) return written
    const { liveReporter } = await import('./live/live.ts')
    const isPerson = terminal.stdout.isTTY && open
    return await liveReporter({ write, port, isPerson, log, redact })
  },
})

import { defineReporter } from '@cloudbench/core'
import { findingsOf } from '@cloudbench/reporter-markdown/summary'
import { z } from '@cloudbench/schema'
import { actionsIn } from './actions.ts'
import { annotationsOf } from './annotation.ts'
import { addToSummary } from './job-summary.ts'

const options = z.strictObject({
  annotations: z
    .boolean()
    .default(true)
    .describe('Whether failed checks, audits and errors become annotations. Default: true.'),
  summary: z
    .union([z.literal(false), z.string().min(1)])
    .optional()
    .describe('The file that the report is added to; false: none. Default: $GITHUB_STEP_SUMMARY.'),
})

/** For GitHub Actions: annotations where the checks are written, and a job summary. Elsewhere it says that it does nothing. */
export default defineReporter({
  name: 'github',
  terminal: ({ annotations }) => (annotations ? 'stderr' : undefined),
  options,
  create({ options: { annotations, summary }, output, terminal, log, redact }) {
    const actions = actionsIn(process.env, process.cwd())
    const file = summary === false ? undefined : (summary ?? actions?.summary)
    if (actions === undefined)
      log.info(
        `GITHUB_ACTIONS is not true: no annotations${file === undefined ? ', and no job summary' : ''}`,
      )
    else if (file === undefined && summary !== false)
      log.warn('GITHUB_STEP_SUMMARY is not set: there is no job summary')
    return {
      async onRunEnd(result) {
        if (actions !== undefined && annotations)
          for (const line of annotationsOf(findingsOf(result), { placeOf: actions.placeOf, redact }))
            terminal.stderr.write(line)
        if (file !== undefined) await addToSummary(file, result, { output, redact })
      },
    }
  },
})

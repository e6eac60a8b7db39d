import type { Facts, Launch } from '@cloudbench/core'
import { verify } from '../src/verify.ts'
import { contextOf } from './context.ts'

/** The worker's side of `verifyInChild`. */
process.once(
  'message',
  (job: { launch: Launch; options: Record<string, unknown>; facts: Record<string, Facts> }) => {
    const context = contextOf(job.options, job.facts)
    try {
      process.send?.({ facts: verify(job.launch, context), warnings: context.warnings })
    } catch (error) {
      process.send?.({ error: error instanceof Error ? error.message : String(error) })
    }
    process.disconnect()
  },
)

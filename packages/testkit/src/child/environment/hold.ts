import type { EnvironmentJob } from '../../job.ts'
import { ask } from '../parent.ts'
import { openSubject } from './subject.ts'

/** Applies, as the process of an agent does, until the parent has seen to its workers. */
export async function holdApplied(job: EnvironmentJob): Promise<void> {
  const { environment, context } = await openSubject(job)
  const undo = await environment.apply!(context)
  try {
    await ask('applied')
  } finally {
    await undo?.()
  }
}

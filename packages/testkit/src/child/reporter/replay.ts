import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { resultFile } from '@cloudbench/core'
import { replayResults } from '@cloudbench/core/program'
import { fault } from '../../fault.ts'
import type { ReporterJob } from '../../job.ts'
import { runOf } from '../../runs/runs.ts'
import { createStage } from './stage.ts'

/** Replays a stored run the way `cloudbench report` does, and returns what was written to standard output. */
export async function replay(job: ReporterJob): Promise<string> {
  const file = join(job.folder, '..', 'stored.json')
  const stored = runOf(job.run)
  await writeFile(file, JSON.stringify(resultFile(stored)))
  const stage = createStage(job.folder)
  const { errors } = await replayResults([file], {
    reporters: [{ specifier: job.url, options: job.options }],
    outputFolder: job.folder,
    resolveFrom: job.url,
    terminal: stage.terminal,
  })
  const [error] = errors
  if (error)
    throw fault({
      what: `on a replay, ${error.during} fails: ${error.message}`,
      expected: 'the same report as of the run itself',
      next: 'use only what the methods are given',
    })
  return stage.written.stdout
}

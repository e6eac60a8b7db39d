import type { Schema } from '@cloudbench/core'
import type { ReporterJob } from '../../job.ts'
import { runOf } from '../../runs/runs.ts'
import { load, parse } from '../plugin.ts'
import { activeResources, expectNothingLeft } from '../resources.ts'
import { answered, play } from './play.ts'
import { create } from './report.ts'
import { createStage } from './stage.ts'

/** Closes twice, both after a run and without one. */
export async function probeClose(job: ReporterJob): Promise<void> {
  const plugin = await load('reporter', job)
  const options = await parse(plugin.name, plugin.options as Schema | undefined, job.options)
  for (const hasRun of [false, true]) {
    const before = activeResources()
    const reporter = await create(plugin, options, createStage(job.folder), job.limitMs)
    if (hasRun) await play(reporter, runOf('passed'), job.limitMs)
    const close = reporter.close?.bind(reporter)
    if (!close) continue
    const when = hasRun ? 'after a run' : 'without a run'
    await answered(`close ${when}`, job.limitMs, close)
    await answered(`close for the second time, ${when},`, job.limitMs, close)
    await expectNothingLeft(
      before,
      job.limitMs,
      `after close ${when}`,
      'clear timers and end connections in close',
    )
  }
}

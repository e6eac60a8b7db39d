import type { ReporterPlugin, Schema } from '@cloudbench/core'
import type { ReporterJob } from '../../job.ts'
import { fault } from '../../fault.ts'
import { runOf } from '../../runs/runs.ts'
import { load, parse } from '../plugin.ts'
import { activeResources, expectNothingLeft } from '../resources.ts'
import { answered, play } from './play.ts'
import { createStage } from './stage.ts'

// eslint-disable-next-line no-control-regex
const escapeCode = /\u001B\[[\d;?]*[A-Za-z]/
// eslint-disable-next-line no-control-regex
const colour = /\u001B\[[\d;]*m/

interface Performance {
  readonly isTTY?: boolean
}

/** Reports one run, and returns what was written to standard output. */
export async function report(job: ReporterJob, { isTTY = false }: Performance = {}): Promise<string> {
  const { run: name } = job
  const plugin = await load('reporter', job)
  const options = await parse(plugin.name, plugin.options as Schema | undefined, job.options)
  const stage = createStage(job.folder, isTTY)
  const before = activeResources()
  const reporter = await create(plugin, options, stage, job.limitMs)
  await play(reporter, runOf(name), job.limitMs)
  if (reporter.close) await answered('close', job.limitMs, () => reporter.close!())
  const misuse = stage.misuse()
  if (misuse) throw misuse
  const text = stage.written()
  expectClaim(plugin, text)
  if (name !== 'unicode') expectPlain(text, isTTY)
  await expectNothingLeft(before, job.limitMs, 'after close', 'clear timers and end connections in close')
  return stage.printed()
}

/** Makes the reporter, as the host does at the beginning of a run. */
export async function create(
  plugin: ReporterPlugin,
  options: unknown,
  { output, terminal }: Pick<ReturnType<typeof createStage>, 'output' | 'terminal'>,
  limitMs: number,
): ReturnType<typeof answered<Awaited<ReturnType<ReporterPlugin['create']>>>> {
  const log = { debug: () => {}, info: () => {}, warn: () => {} }
  const reporter = await answered('create', limitMs, () =>
    plugin.create({ options, log, output, terminal, redact: (text) => text }),
  )
  if (typeof reporter === 'object' && reporter !== null) return reporter
  throw fault({
    what: `create resolves with ${String(reporter)}`,
    expected: 'an object with the methods that the reporter wants to be called by',
    next: 'return { onRunEnd(result) { … } } from create',
  })
}

function expectClaim({ terminal = false }: ReporterPlugin, text: string): void {
  if (terminal || text === '') return
  throw fault({
    what: `the reporter writes to the terminal without claiming it: ${JSON.stringify(text.slice(0, 80))}`,
    expected: 'silence: another reporter draws there at the same time',
    next: 'defineReporter({ terminal: true, … }), or context.log, or a file',
  })
}

function expectPlain(text: string, isTTY: boolean): void {
  const found = (isTTY ? colour : escapeCode).exec(text)?.[0]
  if (found === undefined) return
  throw fault({
    what: `the reporter writes ${JSON.stringify(found)} ${isTTY ? 'although no colours are wanted' : 'although there is no terminal'}`,
    expected: 'plain text: it may go into a file, or be read by a program',
    next: 'terminal.color says whether colours are wanted, terminal.stdout.isTTY whether the cursor can be moved',
  })
}

import { messageOf, type ReporterPlugin, type Schema, type TerminalClaim } from '@cloudbench/core'
import { claimOf } from '@cloudbench/core/program'
import { fault } from '../../fault.ts'
import type { ReporterJob } from '../../job.ts'
import { runOf } from '../../runs/runs.ts'
import { load, parse } from '../plugin.ts'
import { activeResources, expectNothingLeft } from '../resources.ts'
import { answered, play } from './play.ts'
import { createStage, type StreamName } from './stage.ts'

// eslint-disable-next-line no-control-regex
const escapeCode = /\u001B\[[\d;?]*[A-Za-z]/
// eslint-disable-next-line no-control-regex
const colour = /\u001B\[[\d;]*m/

/** Reports one run, and returns what was written to standard output. */
export async function report(
  job: ReporterJob,
  { isTTY = false, screen = 'stdout' }: Parameters<typeof createStage>[1] = {},
): Promise<string> {
  const { run: name } = job
  const plugin = await load('reporter', job)
  const options = await parse(plugin.name, plugin.options as Schema | undefined, job.options)
  const stage = createStage(job.folder, { isTTY, screen })
  const before = activeResources()
  const reporter = await create(plugin, options, stage, job.limitMs)
  await play(reporter, runOf(name), job.limitMs)
  if (reporter.close) await answered('close', job.limitMs, () => reporter.close!())
  const misuse = stage.misuse()
  if (misuse) throw misuse
  expectClaim(plugin, options, stage.written, screen)
  const { stdout, stderr } = stage.written
  if (name !== 'unicode') expectPlain(stdout + stderr, isTTY)
  await expectNothingLeft(before, job.limitMs, 'after close', 'clear timers and end connections in close')
  return stdout
}

/** Creates the reporter, as the host does when a run starts. */
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
    expected: 'an object with the methods that the host should call',
    next: 'return { onRunEnd(result) { … } } from create',
  })
}

function claimIn(plugin: ReporterPlugin, options: unknown): TerminalClaim | undefined {
  try {
    return claimOf(plugin, options).claim
  } catch (error) {
    throw fault({
      what: messageOf(error),
      expected: "'stdout', 'stderr', 'screen' or nothing, also of a function of the options",
      next: "defineReporter({ terminal: 'screen', … })",
    })
  }
}

const streams = { stdout: 'standard output', stderr: 'standard error' } as const

/** A fault unless it keeps to the one stream that it claims with these options. */
function expectClaim(
  plugin: ReporterPlugin,
  options: unknown,
  written: Readonly<Record<StreamName, string>>,
  screen: StreamName,
): void {
  const claim = claimIn(plugin, options)
  const own = claim === 'screen' ? screen : claim
  for (const [name, text] of Object.entries(written) as [StreamName, string][]) {
    if (name === own || text === '') continue
    const claimed =
      claim === undefined
        ? 'without claiming it'
        : `and claims ${claim === 'screen' ? `the screen, which is ${streams[screen]}` : streams[claim]}`
    throw fault({
      what: `the reporter writes to ${streams[name]} ${claimed}: ${JSON.stringify(text.slice(0, 80))}`,
      expected:
        'silence on every stream that it does not claim: another reporter writes there, or a program reads it',
      next:
        claim === 'screen'
          ? 'write to context.terminal.screen'
          : `defineReporter({ terminal: '${name}', … }), or 'screen' for people; or context.log, or a file`,
    })
  }
}

function expectPlain(text: string, isTTY: boolean): void {
  const found = (isTTY ? colour : escapeCode).exec(text)?.[0]
  if (found === undefined) return
  throw fault({
    what: `the reporter writes ${JSON.stringify(found)} ${isTTY ? 'although no colours are wanted' : 'although there is no terminal'}`,
    expected: 'plain text: it may go into a file, or be read by a program',
    next: 'terminal.screen.color says whether colours are wanted, terminal.screen.isTTY whether the cursor can be moved',
  })
}

import type { Json } from '@cloudbench/core'
import { canonical } from './canonical.ts'
import type { ReporterProbe } from './child/reporter/probes.ts'
import { fault, type Fault } from './fault.ts'
import { filesIn, type Folder, withFolder } from './folder.ts'
import type { ReporterJob } from './job.ts'
import { deadlines, type Ended, expectSilence, inProcess } from './process.ts'
import { commonRules, examine, register, type Registration, type Rule } from './rule.ts'
import type { RunName } from './runs/runs.ts'
import { stray } from './stray.ts'
import { urlOf } from './url.ts'

/** A reporter, and what to test it with. */
export interface ReporterSubject {
  /** Of the module, such as `new URL('../src/index.ts', import.meta.url)`. */
  readonly reporter: URL | string
  /** @default {} */
  readonly options?: Json
  /** Options that must be refused; an unknown option is always tried. */
  readonly refused?: readonly Json[]
  /** Files that may differ between two reports of the same run, by their path below the output folder. */
  readonly volatile?: readonly RegExp[]
  /** How long a call into the reporter may take before it counts as hanging, in milliseconds. @default 5000 */
  readonly limitMs?: number
}

/** Registers a test for every rule for reporters. */
export function testReporter({ test, report, ...subject }: ReporterSubject & Registration): void {
  register(reporterRules(subject), { test, ...(report && { report }) })
}

/** Tries every rule for reporters, and resolves with the faults: none if all is well. */
export function examineReporter(subject: ReporterSubject): Promise<Fault[]> {
  return examine(reporterRules(subject))
}

const runs: Readonly<Record<RunName, string>> = {
  passed: 'reports a run that passed',
  failed: 'reports a run that failed',
  errored: 'reports a run that could not be finished',
  aborted: 'reports a run that was aborted',
  interrupted: 'reports a run that was interrupted',
  idle: 'reports a run without a single request',
  empty: 'reports a run without a scenario',
  doubtful: 'reports numbers that may be wrong',
  invalid: 'reports a run that is invalid',
  allowed: 'reports invalid numbers that were allowed',
  unicode: 'reports names of any letters',
  hour: 'reports a run of an hour',
}

/** What a reporter wrote. */
interface Reported {
  /** By path; the terminal is one of them. */
  readonly files: ReadonlyMap<string, string>
}

const terminal = 'standard output'

/** Every rule for reporters, in the order in which a failure explains those after it. */
export function reporterRules(subject: ReporterSubject): readonly Rule[] {
  const { reporter, options = {}, refused = [], volatile = [], limitMs = 5_000 } = subject
  const url = urlOf(reporter)
  const limits = deadlines(limitMs)
  const attemptIn = async (
    { out, home }: Folder,
    probe: ReporterProbe,
    run: RunName,
    execArgv: readonly string[] = [],
  ): Promise<Ended> => {
    const job: ReporterJob = { kind: 'reporter', probe, url, options, refused, run, folder: out, limitMs }
    const ended = await inProcess(job, { ...limits, execArgv, cwd: home, env: { HOME: home, TMPDIR: home } })
    expectSilence(ended, 'reporter')
    const strays = [...(await filesIn(home)).keys()]
    if (strays.length > 0) throw stray(strays.join(', '))
    return ended
  }
  const attempt = (probe: ReporterProbe, run: RunName = 'passed'): Promise<Ended> =>
    withFolder((folder) => attemptIn(folder, probe, run))
  const reported = (probe: 'live' | 'replay'): Promise<Reported> =>
    withFolder(async (folder) => {
      const { value } = await attemptIn(folder, probe, 'allowed')
      const files = new Map(await filesIn(folder.out))
      for (const path of files.keys()) if (volatile.some((pattern) => pattern.test(path))) files.delete(path)
      return { files: files.set(terminal, typeof value === 'string' ? value : '') }
    })
  const probing = (probe: ReporterProbe, run?: RunName) => async () => (await attempt(probe, run)).notes
  const rules: Record<string, Rule['run']> = {
    [commonRules.identity]: probing('identity'),
    [commonRules.options]: probing('options'),
    [commonRules.descriptions]: async () => {
      const { value } = await attempt('descriptions')
      return typeof value === 'string' ? [value] : []
    },
    ...Object.fromEntries(
      Object.entries(runs).map(([run, name]) => [name, probing('report', run as RunName)]),
    ),
    'draws on a terminal': probing('draw'),
    'leaves standard output to another reporter': probing('aside'),
    'writes only below its output folder': () =>
      withFolder(async (folder) => {
        const ended = await attemptIn(folder, 'report', 'passed', confinedTo(folder.out))
        return ended.notes
      }),
    'can be closed twice, and without a run': probing('close'),
    'reports the same run the same way again': async () => {
      expectSame(await reported('live'), await reported('live'), 'the second time')
      return []
    },
    'reports a replay like the run itself': async () => {
      expectSame(await reported('live'), await reported('replay'), 'on a replay')
      return []
    },
  }
  return Object.entries(rules).map(([name, run]) => ({ name, limitMs: 2 * limits.limitMs, run }))
}

/** Flags that let node write files nowhere else, and restrict nothing more. */
function confinedTo(folder: string): readonly string[] {
  const allowed = ['child-process', 'worker', 'addons', 'wasi']
  // older versions do not restrict the network, and do not know the flag
  if (Number.parseInt(process.versions.node, 10) >= 25) allowed.push('net')
  return [
    '--permission',
    '--allow-fs-read=*',
    `--allow-fs-write=${folder}`,
    ...allowed.map((what) => `--allow-${what}`),
  ]
}

function expectSame(one: Reported, other: Reported, when: string): void {
  for (const path of new Set([...one.files.keys(), ...other.files.keys()])) {
    const [before, after] = [one, other]
      .map(({ files }) => files.get(path))
      .map((text) => (text === undefined ? text : canonical(text)))
    if (before === after) continue
    throw fault({
      what: `${path} is not the same ${when}: ${difference(before, after)}`,
      expected: 'a report that depends on the run alone',
      next: 'take times and numbers only from what the methods are given, not from Date, random or counters of your own; list files that must differ in `volatile`',
    })
  }
}

function difference(before: string | undefined, after: string | undefined): string {
  if (before === undefined) return 'it was not written before'
  if (after === undefined) return 'it is not written'
  const length = Math.max(before.length, after.length)
  let at = 0
  while (at < length && before[at] === after[at]) at++
  const line = before.slice(0, at).split('\n').length
  return `line ${line} was ${around(before, at)} and is ${around(after, at)}`
}

/** The text around a place, to find it by. */
function around(text: string, at: number): string {
  return JSON.stringify(text.slice(Math.max(0, at - 40), at + 40))
}

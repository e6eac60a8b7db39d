import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { expect, onTestFinished, test } from 'vitest'
import { httpTarget } from '../support/target.ts'
import { codesIn, runLoad } from './run.ts'

/** Processes that each keep a CPU busy, until the end of the test. */
function hogCpus(count: number): void {
  const hogs = Array.from({ length: count }, () =>
    spawn(process.execPath, ['-e', 'const until = Date.now() + 60_000; while (Date.now() < until);'], {
      stdio: 'ignore',
    }),
  )
  onTestFinished(() => {
    for (const hog of hogs) hog.kill('SIGKILL')
  })
}

test.runIf(process.platform === 'linux')(
  'programs that keep all CPUs busy beside the generator: not valid, with the cause',
  async () => {
    hogCpus(3 * availableParallelism())
    const judged = await runLoad({
      target: await httpTarget(),
      line: '--environment burst --rate 200/s --duration 5s --interval 500ms',
      checks: {},
    })
    const { validity } = judged.result.scenarios[0]!.verdict!
    expect(['suspect', 'invalid']).toContain(validity)
    const codes = codesIn(judged)
    expect(codes.filter((code) => code === 'RUN_DELAY' || code === 'CPU_PRESSURE')).not.toEqual([])
  },
  120_000,
)

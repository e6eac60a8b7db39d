import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeQuotaGroup } from '@cloudbench/fixtures/cpu-quota'
import { afterAll, expect, test } from 'vitest'
import { cloudbench, folder } from './support/cli.ts'

// a real quota of a control group, which takes Linux and the right to make one
const group = makeQuotaGroup(0.25)
afterAll(() => group?.remove())

/** The part of a result file that is read here. */
interface Stored {
  readonly run: {
    readonly machines: readonly [
      { readonly facts: Readonly<Record<string, Readonly<Record<string, unknown>>>> },
    ]
  }
  readonly scenarios: readonly [
    {
      readonly judgement: {
        readonly reasons: readonly { readonly code: string; readonly text: string; readonly advice: string }[]
      }
      readonly phases: readonly {
        readonly signals: readonly [{ readonly counters: Readonly<Record<string, number>> }]
      }[]
    },
  ]
}

test.skipIf(group === undefined)(
  'under a CPU quota the counts of throttling rise, and the verdict says so (needs root and control groups)',
  async () => {
    const { within, folder: groupFolder } = group!
    const cwd = await folder({
      'cloudbench.config.json': JSON.stringify({
        environment: ['burst'],
        targets: { server: { driver: 'redis', url: 'loopback' } },
        // a closed loop takes all of the CPU time that it gets
        scenarios: { bench: { target: 'server', connections: 4, warmup: '0s', duration: '3s' } },
        reporters: [['json', { file: 'result.json', stdout: false }]],
        output: '.',
      }),
    })
    const { stderr } = await cloudbench(['run', 'bench'], { cwd, within })
    const stored = JSON.parse(await readFile(join(cwd, 'result.json'), 'utf8')) as Stored
    expect(stored.run.machines[0].facts['burst']).toMatchObject({
      'cpu.quotaCount': 0.25,
      'cpu.quotaPeriodMs': 100,
    })
    expect(String(stored.run.machines[0].facts['burst']?.['cpu.quotaFile'])).toContain(groupFolder)
    const [{ judgement, phases }] = stored.scenarios
    const { counters } = phases.at(-1)!.signals[0]
    expect(counters['cpu.quotaPeriods'], stderr).toBeGreaterThan(0)
    expect(counters['cpu.throttledPeriods']).toBeGreaterThan(0)
    expect(counters['cpu.throttledMs']).toBeGreaterThan(0)
    expect(judgement.reasons.map(({ code }) => code)).toContain('CPU_THROTTLED')
  },
)

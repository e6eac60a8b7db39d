import { expect, it } from 'vitest'
import { runSteady } from '../support/run.ts'

/** Long enough for what does not hang, on a busy machine too. */
const patienceMs = 3_000

it.for([
  [
    'connect promise',
    'opening of connections',
    /^CB_HOOK_TIMEOUT: connect of flow main \(driver hanging\) did not end within 3 s\n/,
  ],
  [
    'connect loop',
    'opening of connections',
    /^CB_WORKER_HUNG: connect of flow main .* did not end within 8 s \(worker 0\)\n/,
  ],
  ...['prepare', 'audit', 'cleanup'].flatMap((step) =>
    ['promise', 'loop'].map(
      (how) =>
        [
          `${step} ${how}`,
          { prepare: 'preparation of the target', audit: 'audit', cleanup: 'cleanup of the target' }[step]!,
          new RegExp(
            `^CB_WORKER_HUNG: ${step} of flow main \\(driver hanging\\) did not end within 3 s \\(worker 0\\)\n {2}expected: .*\n {2}next: `,
          ),
        ] as const,
    ),
  ),
] as const)(
  'a driver that never returns from %s ends the run by name, and its worker with it',
  async ([workload, during, says]) => {
    const { scenarios, reason, exitCode } = await runSteady({
      durationMs: 200,
      url: 'auto',
      scenarios: [
        {
          patienceMs,
          flows: [
            {
              name: 'main',
              driver: './hanging.driver.ts',
              workload,
              target: { name: 'server', url: 'auto' },
              options: {},
            },
          ],
        },
      ],
      options: { provision: async () => ({ url: 'x://y', origin: 'found', close: async () => {} }) },
    })
    // it resolves once the workers have ended
    expect(scenarios[0]!.errors).toMatchObject([{ source: 'target', during }])
    expect(scenarios[0]!.errors[0]!.message).toMatch(says)
    expect([reason, exitCode]).toEqual(['errored', 2])
  },
)

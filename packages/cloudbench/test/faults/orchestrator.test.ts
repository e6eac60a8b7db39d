import { expect, test } from 'vitest'
import { eventually, typed, folder, startCli } from '../support/cli.ts'
import { withoutRedis } from '../support/installed.ts'
import { descendantsOf, isAlive, workersOf } from '../support/processes.ts'

test.skipIf(withoutRedis)(
  'a run that is killed leaves neither workers nor the service that it has started',
  async () => {
    const cwd = await folder()
    const { child, stderr } = startCli(
      typed('redis-read-heavy --duration 60s --warmup 0s --workers 2 --connections 4 --reporter json'),
      { cwd, env: { TMPDIR: cwd } },
    )
    await eventually(() => stderr().includes('started for this run') && workersOf(child.pid!).length === 2)
    const descendants = descendantsOf(child.pid!)
    // two workers, the watchdog of the service, and the service
    expect(descendants.length).toBeGreaterThanOrEqual(4)
    child.kill('SIGKILL')
    await eventually(() => !descendants.some(isAlive))
  },
)

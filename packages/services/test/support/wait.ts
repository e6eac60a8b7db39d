import { setTimeout as sleep } from 'node:timers/promises'
import { identify } from '../../src/machine/process.ts'

/** Enough for any answer, however busy the machine is. */
export const patienceMs = 100_000

export async function isGone(pid: number | undefined): Promise<boolean> {
  return pid !== undefined && (await identify(pid)) === undefined
}

/** Waits for something that another process does. */
export async function eventually(condition: () => Promise<boolean>): Promise<void> {
  const untilMs = performance.now() + patienceMs
  while (!(await condition())) {
    if (performance.now() > untilMs) throw new Error(`it did not happen within ${patienceMs / 1000} s`)
    await sleep(20)
  }
}

import { afterEach, expect, it, vi } from 'vitest'
import type { Flags } from '../../src/config/flags.ts'
import { makePlan } from '../../src/config/make-plan.ts'
import { load } from './project.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

/** How often a map was written to, the copies of maps included, while a project of this size was read and planned. */
async function stepsFor(scenarios: number, flags: Flags = {}): Promise<number> {
  const files: Record<string, string> = {}
  for (let at = 0; at < scenarios; at++)
    files[`config/scenarios/s${at}.yaml`] = `target: t${at}\nrate: ${at + 1}/s\n`
  for (let at = 0; at < scenarios; at++)
    files[`config/targets/t${at}.yaml`] = 'driver: http\nurl: http://a:1\n'
  let steps = 0
  const { set } = Map.prototype
  // a copied map calls it for every entry
  vi.spyOn(Map.prototype, 'set').mockImplementation(function count(this: Map<unknown, unknown>, key, value) {
    steps++
    return set.call(this, key, value)
  })
  const config = await load({ files, flags })
  expect(makePlan(config).scenarios).toHaveLength(scenarios)
  vi.restoreAllMocks()
  return steps
}

it.each<Flags>([{}, { duration: '1s', rate: '5/s' }])(
  'four times the files are four times the work, with the flags %j',
  async (flags) => {
    await stepsFor(10, flags)
    const few = await stepsFor(50, flags)
    const many = await stepsFor(200, flags)
    expect(few).toBeGreaterThan(1_000)
    expect(many / few).toBeLessThan(5)
  },
)

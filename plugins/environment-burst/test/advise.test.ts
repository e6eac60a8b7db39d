import { machineTree } from '@cloudbench/fixtures/machine-tree'
import { expect, test } from 'vitest'
import { advise, burstAdvice } from '../src/advise.ts'
import { contextOf } from './context.ts'
import { newerGroups } from './groups.ts'
import { burstable } from './instances.ts'

const clock = 'sys/devices/system/clocksource/clocksource0/current_clocksource'

test('a burstable instance: what is known, and that credits cannot be seen from inside', () => {
  const { what, why, how } = burstAdvice(burstable, undefined)
  expect(what).toBe(
    't3.small is burstable: its 2 CPUs have a baseline of 20 % and earn 24 CPU credits an hour',
  )
  expect(why).toContain('cannot be seen from inside')
  expect(how).toContain('CPUCreditBalance in CloudWatch')
})

test('with a balance that was given, how long it lasts', () => {
  expect(burstAdvice(burstable, 160).why).toContain('with all CPUs busy, 160 credits last 100 min')
})

test('an instance of a provider that does not count credits so', () => {
  const { what, why, how } = burstAdvice(
    { ...burstable, provider: 'gcp', burst: { baselineShare: 0.125 } },
    undefined,
  )
  expect(what).toMatch(/baseline of 12\.5 %$/)
  expect(`${why} ${how}`).not.toContain('credits')
  expect(why).toContain('does not say for how long')
})

test('the balance of another provider is in its own monitoring', () => {
  const { how } = burstAdvice({ ...burstable, provider: 'azure' }, undefined)
  expect(how).toContain('the monitoring of the provider')
})

test('a quota: no more workers than it has CPUs for', async () => {
  const { root } = await machineTree({ ...newerGroups, 'sys/fs/cgroup/job/cpu.max': '250000 100000\n' })
  expect(await advise(contextOf({ root }))).toEqual([
    expect.objectContaining({
      what: 'a quota of 2.5 CPUs holds for this process (/sys/fs/cgroup/job/cpu.max)',
      how: expect.stringContaining('at most 2 worker(s)') as string,
    }),
  ])
})

test.each([
  { source: 'xen', advised: 1 },
  { source: 'hpet', advised: 1 },
  { source: 'tsc', advised: 0 },
  { source: 'hyperv_clocksource_tsc_page', advised: 0 },
])('the clock source $source: $advised piece(s) of advice', async ({ source, advised }) => {
  const { root } = await machineTree({ [clock]: `${source}\n` })
  expect(await advise(contextOf({ root }))).toHaveLength(advised)
})

test('a machine that says nothing gets no advice', async () => {
  expect(await advise(contextOf({ root: '/nonexistent' }))).toEqual([])
})

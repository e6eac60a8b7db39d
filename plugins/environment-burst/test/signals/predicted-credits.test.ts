import { machineTree } from '@cloudbench/fixtures/machine-tree'
import { expect, test } from 'vitest'
import { creditsLastMinutes, predictedCredits } from '../../src/signals/predicted-credits.ts'
import { contextOf } from '../context.ts'
import { burstable } from '../instances.ts'

const stat = (busy: number, idle: number): string => `cpu  ${busy} 0 0 ${idle} 0 0 0 0\n`

async function machineOf(credits: number) {
  let minutes = 0
  const machine = await machineTree({ 'proc/stat': stat(0, 0) })
  const { log, warnings } = contextOf({})
  const source = await predictedCredits(machine.root, burstable, {
    credits,
    log,
    nowMs: () => minutes * 60_000,
  })
  return { ...machine, source, warnings, pass: (by: number) => void (minutes += by) }
}

test('one credit is one CPU for one minute, beyond the baseline', async () => {
  const { source, write, pass, warnings } = await machineOf(10)
  // both CPUs busy: 2 - 2 × 0.2 a minute
  pass(5)
  await write('proc/stat', stat(100, 0))
  expect(await source.read([])).toEqual({ 'cpu.predictedCredits': expect.closeTo(2) as number })
  expect(warnings).toEqual([])
})

test('below the baseline they grow', async () => {
  const { source, write, pass } = await machineOf(10)
  pass(10)
  await write('proc/stat', stat(10, 90))
  expect(await source.read([])).toEqual({ 'cpu.predictedCredits': expect.closeTo(12) as number })
})

test('when they should be used up, it says so once', async () => {
  const { source, write, pass, warnings } = await machineOf(4)
  for (const busy of [100, 200, 300]) {
    pass(5)
    await write('proc/stat', stat(busy, 0))
    expect(await source.read([])).toEqual({ 'cpu.predictedCredits': 0 })
  }
  expect(warnings).toHaveLength(1)
  expect(warnings[0]).toMatch(/^of the 4 CPU credits .* t3\.small gets 20 % of each CPU/)
})

test('how long they last with all CPUs busy', () => {
  expect(creditsLastMinutes(160, burstable)).toBe(100)
})

test('what cannot be read predicts nothing', async () => {
  const { source, remove } = await machineOf(4)
  await remove('proc/stat')
  expect(await source.read([])).toEqual({})
  const { log } = contextOf({})
  expect((await predictedCredits('/nonexistent', burstable, { credits: 1, log })).signals).toEqual({})
})

import { machineTree } from '@cloudbench/fixtures/machine-tree'
import { expect, test } from 'vitest'
import { runDelay } from '../../src/signals/run-delay.ts'

const own = { 'proc/self/schedstat': '1 2 3\n' }
const file = (pid: number): string => `proc/${pid}/task/${pid}/schedstat`
const [one, other] = [
  { index: 0, pid: 71 },
  { index: 1, pid: 72 },
]

async function machineOf(files: Readonly<Record<string, string>>) {
  let nowMs = 0
  const machine = await machineTree({ ...own, ...files })
  const source = await runDelay(machine.root, () => nowMs)
  return { ...machine, source, pass: (ms: number) => void (nowMs += ms) }
}

test('the share of the worker that waited the most since the last sample', async () => {
  const { source, write, pass } = await machineOf({
    [file(71)]: '5 1000000 1\n',
    [file(72)]: '5 9000000 1\n',
  })
  expect(await source.read([one, other])).toEqual({ 'worker.runDelayShare': 0 })
  pass(1000)
  await write(file(71), '6 51000000 2\n')
  await write(file(72), '6 19000000 2\n')
  expect(await source.read([one, other])).toEqual({ 'worker.runDelayShare': 0.05 })
  pass(100)
  await write(file(72), '6 69000000 2\n')
  expect(await source.read([one, other])).toEqual({ 'worker.runDelayShare': 0.5 })
})

test('a worker that is new, or that has gone, has no share of its own', async () => {
  const { source, write, remove, pass } = await machineOf({ [file(71)]: '5 0 1\n' })
  await source.read([one])
  pass(1000)
  await write(file(72), '5 900000000 1\n')
  expect(await source.read([one, other])).toEqual({ 'worker.runDelayShare': 0 })
  await remove('proc/71')
  pass(1000)
  await write(file(72), '5 1000000000 1\n')
  expect(await source.read([one, other])).toEqual({ 'worker.runDelayShare': 0.1 })
  await remove('proc/72')
  expect(await source.read([one, other])).toEqual({})
  expect(await source.read([])).toEqual({})
})

test('it is a share, whatever the file says', async () => {
  const { source, write, pass } = await machineOf({ [file(71)]: '5 1000000000 1\n' })
  await source.read([one])
  pass(10)
  await write(file(71), '5 0 1\n')
  expect(await source.read([one])).toEqual({ 'worker.runDelayShare': 0 })
  pass(10)
  await write(file(71), '5 9000000000 1\n')
  expect(await source.read([one])).toEqual({ 'worker.runDelayShare': 1 })
  await write(file(71), '5 -3 1\n')
  expect(await source.read([one])).toEqual({})
})

test.each([{}, { 'proc/self/schedstat': '0 0 0\n' }])(
  'a kernel that does not count it: missing: %o',
  async (files) => {
    const { root } = await machineTree(files)
    expect(await runDelay(root)).toMatchObject({
      signals: {},
      missing: { 'worker.runDelayShare': '/proc/self/schedstat does not say it: boot with delayacct' },
    })
  },
)

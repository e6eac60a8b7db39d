import { describe, expect, it } from 'vitest'
import { openFilesIn, portsIn, type MachineBounds } from '../../src/config/machine-bounds.ts'
import { makePlan } from '../../src/config/make-plan.ts'
import { loadTree, refusal } from './project.ts'

const small: MachineBounds = { cpus: 2, openFiles: 1_064, ports: 1_500 }
const unknown: MachineBounds = { cpus: 2, openFiles: Infinity, ports: Infinity }

async function plan(scenario: object, machine = small): Promise<unknown> {
  const target = { target: 'http://a:1', driver: 'http' }
  return makePlan(await loadTree({ scenarios: { s: { ...target, ...scenario } } }), machine)
}
const refused = (scenario: object, machine = small) => refusal(() => plan(scenario, machine))

describe('what this machine could never do is refused with what it could', () => {
  it.each([
    [{ workers: 33 }, 's.workers', '33 workers', 'at most 32, which is 16 for each CPU'],
    [{ rate: '10G/s' }, 's.flows.main.rate', '10G/s is more than one worker can send', 'at most 10M/s'],
    [
      { rate: '1/h', stages: [{ duration: '1s', rate: '21M/s' }], workers: 2 },
      's.flows.main.stages',
      '21M/s is more than 2 workers',
      'at most 20M/s, which is 10M/s for each worker',
    ],
    [
      {
        phases: [
          { name: 'a', duration: '1s', rate: '5/s' },
          { name: 'b', duration: '1s', rate: '1G/s' },
        ],
      },
      's.phases.1.rate',
      '1G/s',
      'at most 10M/s',
    ],
    [
      { connections: 1_001 },
      's.flows.main.connections',
      '1001 connections need more file descriptors',
      'at most 1000',
    ],
    [
      { connections: 5, phases: [{ name: 'a', duration: '1s', connections: '1M' }] },
      's.phases.0.connections',
      '1000000 connections',
      'at most 1000',
    ],
    [
      { connections: 1_001, workers: 'auto' },
      's.flows.main.connections',
      'more file descriptors than one worker',
      'at most 1000',
    ],
    [{ rate: '21M/s', workers: 'auto' }, 's.flows.main.rate', 'more than 2 workers', 'at most 20M/s'],
    [{ connections: 1_501, workers: 2 }, 's.flows.main.connections', 'more ports', 'at most 1500'],
  ])('%j', async (scenario, place, what, expected) => {
    const text = await refused(scenario)
    expect(text).toContain(`scenarios.${place} (cloudbench.config.json:1:`)
    expect(text).toContain(what)
    expect(text).toContain(`expected: ${expected}`)
    expect(text).toContain('next: ')
  })

  it('takes the connections of all flows together, since all are open at once', async () => {
    const flow = { connections: 600, target: 'http://a:1', driver: 'http' }
    const flows = { flows: { a: flow, b: flow }, target: undefined, driver: undefined }
    expect(await refused(flows)).toContain('flows.b.connections (cloudbench.config.json:1:')
    expect(await refused(flows)).toContain('1200 connections need more file descriptors')
  })

  it.each([
    { workers: 32, rate: '320M/s', connections: 1_500 },
    { workers: 3, connections: 2_900, target: 'kafka://a:1,b:1' },
    { workers: 3, connections: 2_900, target: 'unix:/run/app.sock' },
  ])('but nothing below that: %j', async (scenario) => {
    await expect(plan(scenario)).resolves.toBeDefined()
  })

  it('knows no limit of files and ports where the machine tells none', async () => {
    await expect(plan({ connections: '1M' }, unknown)).resolves.toBeDefined()
  })
})

it('refuses durations that no timer can wait, wherever they stand', async () => {
  const month = { expected: /expected:? a duration of at most 24d20h31m/, written: '30d' }
  for (const key of ['duration', 'warmup', 'drain', 'timeout', 'interval', 'think'])
    expect(await refused({ [key]: month.written })).toMatch(month.expected)
  const stage = { rate: 1, duration: month.written }
  expect(await refused({ stages: [stage] })).toMatch(month.expected)
  expect(await refused({ phases: [{ name: 'a', ...stage }] })).toMatch(month.expected)
})

it('reads the limits of Linux, and none from anything else', () => {
  expect(
    openFilesIn('Max processes  5  5  processes\nMax open files            1024      4096      files\n'),
  ).toBe(1024)
  expect(openFilesIn('Max open files  unlimited  unlimited  files')).toBe(Infinity)
  expect(openFilesIn('')).toBe(Infinity)
  expect(portsIn('32768\t60999\n')).toBe(28_232)
  expect(portsIn('')).toBe(Infinity)
})

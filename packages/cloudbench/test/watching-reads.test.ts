import type { Environment } from '@cloudbench/core'
import burst from '@cloudbench/environment-burst'
import memory from '@cloudbench/environment-memory'
import network from '@cloudbench/environment-network'
import numa from '@cloudbench/environment-numa'
import { expect, onTestFinished, test, vi } from 'vitest'

// what it costs to watch is in `pnpm bench watching`; what makes it cost more is files, and those can be counted

const files = vi.hoisted(() => ({ opened: [] as string[] }))

vi.mock(import('node:fs/promises'), async (original) => {
  const actual = await original()
  const counting =
    <Read extends (...args: any[]) => unknown>(read: Read) =>
    (...args: Parameters<Read>) => {
      files.opened.push(String(args[0]))
      return read(...args) as ReturnType<Read>
    }
  return {
    ...actual,
    open: counting(actual.open),
    readFile: counting(actual.readFile),
    readdir: counting(actual.readdir),
  } as typeof actual
})

/** How many files a sample opens, once it has settled. */
async function filesPerSample(environment: Environment, options: object, workers: number): Promise<number> {
  const parsed = await environment.options!['~standard'].validate(options)
  if (parsed.issues) throw new Error(JSON.stringify(parsed.issues))
  const watcher = await environment.watch!({
    options: parsed.value,
    log: { debug() {}, info() {}, warn() {} },
    signal: new AbortController().signal,
    facts: {},
  })
  onTestFinished(async () => watcher.close())
  const running = Array.from({ length: workers }, (_, index) => ({ index, pid: process.pid }))
  await watcher.read(running)
  files.opened.length = 0
  await watcher.read(running)
  return files.opened.length
}

test.each([
  { name: 'memory', environment: memory, options: {}, most: 20, mostPerWorker: 0 },
  { name: 'numa', environment: numa, options: {}, most: 5, mostPerWorker: 1 },
  { name: 'burst', environment: burst, options: { canary: false }, most: 15, mostPerWorker: 1 },
  { name: 'network', environment: network, options: {}, most: 10, mostPerWorker: 0 },
])(
  'a sample of $name opens at most $most files, and $mostPerWorker for each worker',
  async ({ environment, options, most, mostPerWorker }) => {
    const [none, some] = [
      await filesPerSample(environment, options, 0),
      await filesPerSample(environment, options, 4),
    ]
    expect(none).toBeLessThanOrEqual(most)
    expect(some - none).toBeLessThanOrEqual(4 * mostPerWorker)
  },
)

test('files are really counted', async () => {
  expect(await filesPerSample(burst, { canary: false }, 1)).toBeGreaterThan(0)
})

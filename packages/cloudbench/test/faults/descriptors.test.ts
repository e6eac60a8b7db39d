import { expect, test } from 'vitest'
import { cloudbench, folder, typed, type Ended } from '../support/cli.ts'
import { httpTarget } from '../support/target.ts'

/** Lets workers have fewer file descriptors than the process that plans the run. */
const fewer = `import { defineEnvironment } from '@cloudbench/core'
export default defineEnvironment({
  name: 'fewer',
  launch({ wrap }) { wrap.push('sh', '-c', 'ulimit -n 100 && exec "$0" "$@"') },
})`

async function withDescriptors(limit: number, ...more: string[]): Promise<Ended> {
  return await cloudbench(
    [
      ...typed(
        `http-json-api --set targets.http.url=${await httpTarget()} --connections 200 --duration 300ms --warmup 0s --reporter json`,
      ),
      ...more,
    ],
    {
      cwd: await folder({ 'fewer.mjs': fewer }),
      within: ['sh', '-c', 'ulimit -n "$0" && exec "$@"', String(limit)],
    },
  )
}

test.each([
  [100, 36],
  [24, 0],
])(
  'more connections than %i file descriptors can hold are refused with the most there can be',
  async (limit, most) => {
    const { code, stderr } = await withDescriptors(limit)
    expect(stderr).toContain(
      '(--connections): 200 connections need more file descriptors than one worker may have\n' +
        `  expected: at most ${most}, which is ${most} for each worker\n` +
        '  next: raise it (`ulimit -n 264`), or set more workers\n',
    )
    expect(code).toBe(2)
  },
)

test('a worker that has fewer than was planned with names the limit, exit code 2', async () => {
  const { code, stderr } = await withDescriptors(1_000, '--environment', './fewer.mjs')
  expect(stderr).toMatch(/no file descriptor left for a connection to 127[^]*next: raise it \(`ulimit -n/)
  expect(stderr).not.toMatch(/this is a bug|\n\s+at /)
  expect(code).toBe(2)
})

test('not even enough to start a worker: an error, exit code 2', async () => {
  const { code, stderr } = await withDescriptors(24)
  expect(stderr).toMatch(/EMFILE|file descriptor/)
  expect(stderr).not.toMatch(/this is a bug|\n\s+at |undefined/)
  expect(code).toBe(2)
})

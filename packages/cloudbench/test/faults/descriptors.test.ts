import { expect, test } from 'vitest'
import { cloudbench, folder, typed } from '../support/cli.ts'
import { httpTarget } from '../support/target.ts'

async function withDescriptors(limit: number) {
  return await cloudbench(
    typed(
      `http-json-api --set targets.http.url=${await httpTarget()} --connections 200 --duration 300ms --warmup 0s --reporter json`,
    ),
    { cwd: await folder(), within: ['sh', '-c', 'ulimit -n "$0" && exec "$@"', String(limit)] },
  )
}

test('more connections than file descriptors: the limit is named, exit code 2', async () => {
  const { code, stderr } = await withDescriptors(100)
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

import { expect, test } from 'vitest'
import { folder, startCli, typed } from './support/cli.ts'
import { httpTarget } from './support/target.ts'

test('a reader that goes away, such as `head`, neither breaks nor hangs the run', async () => {
  const url = await httpTarget()
  const { child, ended } = startCli(
    typed(`http-json-api --set targets.http.url=${url} --duration 1s --warmup 0s --reporter json`),
    { cwd: await folder() },
  )
  child.stdout!.destroy()
  const { code, stderr } = await ended
  expect(stderr).not.toMatch(/EPIPE|this is a bug|\n\s+at /)
  expect(code).toBe(0)
})

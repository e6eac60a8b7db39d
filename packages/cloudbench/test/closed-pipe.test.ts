import { expect, test } from 'vitest'
import { folder, startCli, typed } from './support/cli.ts'

const load = '--set targets.http.url=loopback --duration 1s --warmup 0s'

async function closed(line: string) {
  const { child, ended } = startCli(typed(line), { cwd: await folder() })
  child.stdout!.destroy()
  const { code, stderr } = await ended
  expect(stderr).not.toMatch(/EPIPE|this is a bug|\n\s+at /)
  return { code, stderr }
}

test('people who close a pipe, as with `head`, have seen enough; the verdict goes to standard error', async () => {
  const { code, stderr } = await closed(`http-json-api ${load}`)
  expect(stderr).toMatch(/\nPASSED {2}exit code 0, \S+ \S+(?:, invalid numbers were allowed)?\n$/)
  expect(code).toBe(0)
})

test('a program that closes a pipe has lost what it asked for: said once, exit code 2', async () => {
  const { code, stderr } = await closed(`http-json-api ${load} --reporter json`)
  expect(stderr.match(/standard output was closed before all of it was written/g)).toHaveLength(1)
  expect(stderr).toMatch(/\nERRORED {2}exit code 2, \S+ \S+(?:, invalid numbers were allowed)?\n$/)
  expect(code).toBe(2)
})

test.each([
  ['list', 0],
  ['list --json', 2],
  ['config --json', 2],
  ['plugins --json', 2],
])('%s ends with %i', async (line, expected) => {
  const { code, stderr } = await closed(line)
  expect(stderr).toBe(expected === 0 ? '' : 'standard output was closed before all of it was written\n')
  expect(code).toBe(expected)
})

import { expect, test } from 'vitest'
import { cloudbench, folder, type Ended, typed } from '../support/cli.ts'

/** A reporter whose `onScenarioEnd` has this body. */
function reporter(name: string, body: string): string {
  return `import { defineReporter } from '@cloudbench/core'
export default defineReporter({ name: '${name}', create: () => ({ ${body} }) })`
}

async function runWith(file: string, ...more: string[]): Promise<Ended> {
  const cwd = await folder({ 'mine.mjs': file })
  return await cloudbench(
    [...typed('http-json-api --duration 300ms --warmup 0s --reporter ./mine.mjs --reporter json'), ...more],
    { cwd },
  )
}

test.each([
  ['onScenarioEnd', 'scenario:end'],
  ['onRunEnd', 'run:end'],
  ['close', 'close'],
])(
  'a reporter that throws in %s loses its own report only, and the run ends with 2',
  async (method, hook) => {
    const { code, stdout, stderr } = await runWith(
      reporter('mine', `${method}() { throw new Error('oops') }`),
    )
    expect(stderr).toMatch(new RegExp(`\\[mine\\] ${hook}: oops`))
    expect(stderr).not.toMatch(/this is a bug/)
    // the others have what was measured
    expect(JSON.parse(stdout)).toMatchObject({ requests: 60, errors: 0 })
    expect(code).toBe(2)
  },
)

test('a reporter that cannot start ends the run before any load', async () => {
  const { code, stdout, stderr } = await runWith(
    reporter('mine', `onRunStart() { throw new Error('no dashboard') }`),
  )
  expect(stderr).toMatch(/\[mine\] run:start: no dashboard/)
  expect(stderr).not.toMatch(/this is a bug/)
  expect(stdout).toBe('')
  expect(code).toBe(2)
})

test('a reporter that never answers is abandoned after its limit, and the run ends with 2', async () => {
  const { code, stdout, stderr } = await runWith(reporter('mine', 'close: () => new Promise(() => {})'))
  expect(stderr).toMatch(/\[mine\] close: no answer within 5000 ms/)
  expect(JSON.parse(stdout)).toMatchObject({ requests: 60 })
  expect(code).toBe(2)
})

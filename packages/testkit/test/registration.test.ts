import { expect, test } from 'vitest'
import { testDriver, testEnvironment, testReporter } from '../src/index.ts'

interface Registered {
  readonly name: string
  readonly timeoutMs: number
  run(): Promise<void>
}

function recorder(): { readonly tests: Registered[]; test: Parameters<typeof testDriver>[0]['test'] } {
  const tests: Registered[] = []
  return { tests, test: (name, { timeout }, run) => tests.push({ name, timeoutMs: timeout, run }) }
}

const plugin = (path: string): URL => new URL(`../../../fixtures/plugins/${path}.ts`, import.meta.url)

test('every rule becomes a test with a name of its own, and time to say what went wrong', () => {
  const { tests, test: register } = recorder()
  testDriver({ test: register, driver: plugin('driver/good') })
  testEnvironment({ test: register, environment: plugin('environment/good') })
  testReporter({ test: register, reporter: plugin('reporter/good') })
  expect(tests.map(({ name }) => name)).toMatchSnapshot()
  for (const { timeoutMs } of tests) expect(timeoutMs).toBeGreaterThan(60_000)
})

test('a fault fails its test, and says what was expected and what to change', async () => {
  const { tests, test: register } = recorder()
  testEnvironment({ test: register, environment: plugin('environment/has-no-verify') })
  const proof = tests.find(({ name }) => name.startsWith('proves'))
  await expect(proof?.run()).rejects.toThrow(
    [
      'launch adds nice -n 3, and there is no verify',
      '  expected: a proof inside the worker: a setting that silently has no effect would distort the result',
      '  next: verify(launch, context) { … }, which throws unless it took effect',
    ].join('\n'),
  )
})

test('what is worth knowing and no fault is reported', async () => {
  const { tests, test: register } = recorder()
  const said: string[] = []
  testEnvironment({
    test: register,
    environment: plugin('environment/verify-cannot-fail'),
    report: (line) => said.push(line),
  })
  await tests.find(({ name }) => name === 'undoes what it applies')?.run()
  expect(said).toEqual(['undoes what it applies: not tried: the environment has no apply'])
})

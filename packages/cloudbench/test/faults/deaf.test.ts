import { expect, test } from 'vitest'
import { cloudbench, eventually, folder, startCli, typed } from '../support/cli.ts'
import { descendantsOf, isAlive } from '../support/processes.ts'

/** A reporter that never gives back the event loop from one of its methods. */
function endless(method: string, before: string): string {
  return `import { defineReporter } from '@cloudbench/core'
export default defineReporter({
  name: 'endless',
  create: () => ({
    async ${method}() {
      ${before}
      console.error('loops')
      for (;;) {}
    },
  }),
})`
}

const args = typed('http-json-api --duration 60s --warmup 0s --interval 200ms --reporter ./mine.mjs')

test.for([
  ['onInterval', '', 'endless interval'],
  ['onRunStart', 'await new Promise((resolve) => setTimeout(resolve, 10))', 'endless run:start'],
] as const)(
  'a reporter that loops without end in %s ends the run by its name and its line, deaf as the process is',
  async ([method, before, hook]) => {
    const cwd = await folder({ 'mine.mjs': endless(method, before) })
    const { child, ended, stderr } = startCli(args, { cwd })
    await eventually(() => stderr().includes('loops'))
    const descendants = descendantsOf(child.pid!)
    child.kill('SIGTERM')
    const { code, stderr: said } = await ended
    expect(said).toMatch(
      new RegExp(
        `CB_HOOK_TIMEOUT: nothing was heard for 10 s, not even signals: this process is held up at ${cwd}/mine\\.mjs:8; these have not answered: .*${hook}`,
      ),
    )
    expect(said).toMatch(/\nERRORED {2}exit code 2\n$/)
    expect(code).toBe(2)
    await eventually(() => !descendants.some(isAlive))
  },
)

test('one that is only slow is left in peace', async () => {
  const slow = endless('onScenarioEnd', '').replace(
    'for (;;) {}',
    'const end = Date.now() + 3000; while (Date.now() < end);',
  )
  const cwd = await folder({ 'mine.mjs': slow })
  const short = typed('http-json-api --duration 300ms --warmup 0s --reporter ./mine.mjs')
  expect(await cloudbench(short, { cwd })).toMatchObject({ code: 0 })
})

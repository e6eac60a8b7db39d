import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { expect, onTestFinished, test, vi } from 'vitest'
import { folder, typed } from '../support/cli.ts'
import { runInProcess } from '../support/in-process.ts'
import { configuration, driver, env, expectDecent, expectMeasured, expectNoSecretIn } from './invariants.ts'

const commands = typed('run list config report init plugins doctor up down help')
const names = typed('local remote http-json-api http-* redis nope default json none ./none.mjs')
const flags = [
  ...typed('--scenario --duration --warmup --rate --connections --workers --baseline --reporter --exporter'),
  ...typed('--set --output --seed --config --dispatch --interval --environment --dry-run --json --port'),
  ...typed('--help -h -v -- - --nope --rate= --set='),
]
const values = [
  ...typed('90ms 70ms 0 -1 1e9 5/s 0/s 1k/s a=b =b a. targets.local.driver=http scenarios.local.rate=1/h'),
  ...typed('targets.http.url=ftp://x ${env:SENTINEL} scenarios.local.workers=0'),
  '',
  ' ',
  '[json, {',
  '\u0000',
]
// nothing that leaves the folder
const anything = fc.string({ maxLength: 12 }).filter((text) => !/[/\\~]|\.\./.test(text))
const word = fc.oneof(
  fc.constantFrom(...commands, ...names),
  fc.constantFrom(...flags),
  fc.constantFrom(...values),
  anything,
)

/** Commands and flags that end with 0 without a run. */
const isNoRun = /^(-h|-v|--help|--version|--dry-run)$/

test('300 mistyped command lines: refused with an error, or run', async () => {
  // `down` looks there for services that `up` started; those of the developer who runs the tests are left alone
  vi.stubEnv('TMPDIR', await folder())
  onTestFinished(() => void vi.unstubAllEnvs())
  const typos = fc.sample(fc.array(word, { maxLength: 7 }), { seed: 20_260_102, numRuns: 300 })
  const endings = [0, 0, 0]
  const left = typos.entries()
  // runs mostly wait: several folders at a time
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      const cwd = await folder({ 'null.mjs': driver })
      for (const [at, argv] of left) endings[await tryLine(argv, at % 2 === 0, cwd)]!++
      await expectNoSecretIn(cwd)
    }),
  )
  expect(endings[0]).toBeGreaterThan(10)
  expect(endings[2]).toBeGreaterThan(100)
})

/** Runs one command line, as a run or as typed. Returns its exit code. */
async function tryLine(argv: readonly string[], isRun: boolean, cwd: string): Promise<number> {
  await writeFile(join(cwd, 'cloudbench.config.yaml'), configuration)
  const line = isRun
    ? [...typed('run local --reporter json'), ...argv, ...typed('--duration 50ms --warmup 0s')]
    : argv
  const outcome = await runInProcess(line, cwd, env)
  expectDecent(outcome, JSON.stringify(line))
  if (isRun && !argv.some((given) => isNoRun.test(given))) expectMeasured(outcome, JSON.stringify(line))
  return outcome.code
}

import { expect, test } from 'vitest'
import { driverRules } from '../src/driver.ts'
import { environmentRules, examineEnvironment } from '../src/environment.ts'
import { reporterRules } from '../src/reporter.ts'
import { examine, type Rule } from '../src/rule.ts'

const plugin = (path: string): URL => new URL(`../../../fixtures/plugins/${path}.ts`, import.meta.url)

async function firstFault(rules: readonly Rule[], at = 0): Promise<string> {
  const [fault] = await examine(rules.slice(at, at + 1))
  return `${fault?.what}\n${fault?.expected}\n${fault?.next}`
}

test('a module that is not there is named', async () => {
  const message = await firstFault(driverRules({ driver: plugin('driver/not-there') }))
  expect(message).toMatch(/^CB_PLUGIN_IMPORT: .*not-there\.ts failed to import/)
})

test('what cannot be loaded is tried no further', async () => {
  const faults = await examineEnvironment({ environment: plugin('environment/not-there') })
  expect(faults.map(({ rule }) => rule)).toEqual([
    'loads by its URL, has a name, and starts nothing when it is loaded',
  ])
})

test('a plugin of another kind is named', async () => {
  const message = await firstFault(reporterRules({ reporter: plugin('driver/good') }))
  expect(message).toMatch(/^CB_PLUGIN_KIND: .*good\.ts exports a driver, but is used as a reporter/)
})

test('options of the test that the plugin refuses are not taken for a fault of the load', async () => {
  const rules = environmentRules({ environment: plugin('environment/good'), options: { file: 7 } })
  expect(await firstFault(rules, 1)).toMatch(
    /^the options that the test gives are refused: good: option "file": must be a path\n/,
  )
})

test('options that should be refused and are not are shown', async () => {
  const rules = environmentRules({
    environment: plugin('environment/good'),
    refused: [{ file: 'a file of which nothing is wrong' }],
  })
  expect(await firstFault(rules, 1)).toMatch(/^"good" accepts the options \{"file":"a file of which/)
})

test('a driver without a loopback server needs a target', async () => {
  const rules = driverRules({ driver: plugin('driver/needs-a-target') })
  expect(await firstFault(rules, 3)).toBe(
    [
      'the driver "needs-a-target" has no loopback server, and the test gives no target',
      'a server to send requests to',
      'pass `target`, or give the driver a loopback server',
    ].join('\n'),
  )
})

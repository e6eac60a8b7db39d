import { serveEcho } from '@cloudbench/fixtures/plugins/driver/echo'
import { expect, onTestFinished, test } from 'vitest'
import { driverRules } from '../src/driver.ts'
import { examine } from '../src/rule.ts'

const dying = 'fails requests when the server dies, and still closes'

async function examineThere(plugin: string, rules?: string): Promise<readonly string[]> {
  const server = await serveEcho({})
  onTestFinished(() => server.close())
  const driver = new URL(`../../../fixtures/plugins/driver/${plugin}.ts`, import.meta.url)
  const all = driverRules({ driver, target: server.target, requests: 500, limitMs: 2_500 })
  const faults = await examine(all.filter(({ name }) => rules === undefined || name === rules))
  return faults.map(({ rule, what }) => `${rule}: ${what}`)
}

test('a good driver has no fault against a given server', { timeout: 240_000 }, async () => {
  expect(await examineThere('good')).toEqual([])
})

test('a server that is not ours to kill is cut off instead', { timeout: 90_000 }, async () => {
  expect(await examineThere('hangs-when-server-dies', dying)).toEqual([
    `${dying}: a request whose server has died hangs: no answer within 2500 ms`,
  ])
})

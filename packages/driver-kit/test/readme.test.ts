import { readFile } from 'node:fs/promises'
import type { Slot } from '@cloudbench/core'
import { expect, onTestFinished, test } from 'vitest'
import * as http from '../src/http.ts'
import * as kit from '../src/index.ts'
import * as loopback from '../src/loopback.ts'
import driver from './fixtures/line.driver.ts'
import { contextOf } from './support.ts'

const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')

test('the driver of the README is the one that works here', async () => {
  const [, shown] = /^```ts\n([^]*?)^```$/m.exec(readme) ?? []
  expect(shown).toBe(await readFile(new URL('fixtures/line.driver.ts', import.meta.url), 'utf8'))

  const server = await driver.loopback!({ dieAfterRequests: 1 })
  onTestFinished(() => server.close())
  const options = await driver.options!['~standard'].validate({ connectTimeoutMs: '5s' })
  const context = { ...contextOf('value' in options && options.value), target: server.target }
  const connection = await driver.connect!(context as Parameters<NonNullable<typeof driver.connect>>[0])
  onTestFinished(() => connection.close())
  const send = (): Promise<unknown> =>
    new Promise((resolve, reject) => {
      connection.issue!({ index: 7, done: resolve, fail: reject } as unknown as Slot)
    })
  expect(await send()).toMatchObject({ name: 'ok' })
  await expect(send()).rejects.toMatchObject({ code: /^(CONNECTION_CLOSED|ECONNRESET)$/ })
})

test('the README says what every export is for', () => {
  const names = [...Object.keys(kit), ...Object.keys(loopback), ...Object.keys(http)]
  expect(names.filter((name) => !new RegExp(`^\\| .*\`${name}\\b`, 'm').test(readme))).toEqual([])
})

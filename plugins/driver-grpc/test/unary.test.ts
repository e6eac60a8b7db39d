import { expect, onTestFinished, test } from 'vitest'
import driver from '../src/index.ts'
import { opened } from './opened.ts'
import { send } from './slot.ts'

test('the driver runs against its loopback server', async () => {
  const loopback = await driver.loopback!({})
  onTestFinished(() => loopback.close())
  const { connection, bytes } = await opened(loopback.target, {
    message: { name: 'shelves/${int:1:9}/books/${uuid}' },
    expect: { echo: { name: 'name' } },
  })
  const outcomes = await Promise.all(Array.from({ length: 50 }, (_, index) => send(connection, { index })))
  expect(new Set(outcomes.map(({ name }) => name))).toEqual(new Set(['OK']))
  expect(bytes.sent).toBe(50 * 54)
})

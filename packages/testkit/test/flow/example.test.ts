import driver from '@cloudbench/fixtures/plugins/driver/good'
import { openFlow } from '@cloudbench/testkit/flow'
import { expect, test } from 'vitest'

test('every request is answered, several at once', async () => {
  const server = await driver.loopback!({})
  const { open, prepare, sendAll, countOf, warnings } = openFlow(driver, server.target, { word: 'hello' })
  await prepare()
  const connections = await Promise.all([open(0, 2), open(1, 2)])
  const outcomes = await Promise.all(connections.map((connection) => sendAll(connection, 100)))
  expect(countOf(outcomes.flat())).toEqual({ ok: 200 })
  expect(warnings).toEqual([])
  await server.close()
})

test('a request whose server is gone fails with the error of the driver', async () => {
  const server = await driver.loopback!({})
  const { open, send } = openFlow(driver, server.target)
  const connection = await open()
  expect(await send(connection)).toMatchObject({ name: 'ok', ok: true })
  await server.close()
  await expect(send(connection)).rejects.toThrow('the connection was closed')
})

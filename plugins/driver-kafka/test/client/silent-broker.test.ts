import { expect, test } from 'vitest'
import { api } from '../../src/wire/api.ts'
import { flow } from '../fixtures/context.ts'
import { scriptedBroker, until } from '../servers/scripted.ts'
import { send } from '../fixtures/send.ts'

test.each(['produce', 'roundtrip'] as const)(
  'a broker that takes messages and never answers does not keep a %s connection from closing',
  async (workload) => {
    let taken = 0
    const { url } = await scriptedBroker({
      take({ key }) {
        if (key !== api.produce.key) return false
        taken++
        return true
      },
    })
    const { prepare, open } = flow(url, {}, workload)
    await prepare()
    const connection = await open()
    let answered = 0
    const waiting = send(connection)
    waiting.then(
      () => answered++,
      () => answered++,
    )
    await until(() => taken > 0)
    await connection.close()
    expect(answered).toBe(0)
  },
)

test('nor does one that never has anything to read', async () => {
  let isReading = false
  const { url } = await scriptedBroker({
    take({ key }) {
      if (key !== api.fetch.key) return false
      isReading = true
      return true
    },
  })
  const { prepare, open } = flow(url, { messages: 100 }, 'consume')
  await prepare()
  const connection = await open()
  let answered = 0
  send(connection).then(
    () => answered++,
    () => answered++,
  )
  await until(() => isReading)
  await connection.close()
  expect(answered).toBe(0)
})

import { openFlow } from '@cloudbench/testkit/flow'
import { describe, expect, test } from 'vitest'
import driver from '../../src/index.ts'
import { api } from '../../src/wire/api.ts'
import { has, lanes } from '../servers/lanes.ts'
import { scriptedBroker, until } from '../servers/scripted.ts'

describe.each(lanes)('%s', (client) => {
  test.each(['produce', 'roundtrip'] as const)(
    'a broker that never answers does not keep a %s connection from closing',
    async (workload) => {
      let taken = 0
      const { url } = await scriptedBroker({
        take({ key }) {
          if (key !== api.produce.key) return false
          taken++
          return true
        },
      })
      const { prepare, open, send } = openFlow(driver, url, { client }, { workload })
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

  test.runIf(has(client, 'consume'))(
    'a broker with nothing to read does not keep a consume connection from closing',
    async () => {
      let isReading = false
      let isSilent = false
      const { url } = await scriptedBroker({
        take({ key }) {
          if (key !== api.fetch.key || !isSilent) return false
          isReading = true
          return true
        },
      })
      const { prepare, open, send } = openFlow(
        driver,
        url,
        { client, messages: 100 },
        { workload: 'consume' },
      )
      await prepare()
      isSilent = true
      const connection = await open()
      let answered = 0
      send(connection).then(
        () => answered++,
        () => answered++,
      )
      await until(() => isReading)
      await connection.close()
      expect(answered).toBe(0)
    },
  )
})

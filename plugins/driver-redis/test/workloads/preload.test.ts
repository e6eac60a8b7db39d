import { openFlow } from '@cloudbench/testkit/flow'
import { expect, test } from 'vitest'
import driver from '../../src/index.ts'
import { realRedis, withoutRedis } from '../servers/redis.ts'

test.skipIf(withoutRedis)('cleanup removes what was preloaded and nothing else', async () => {
  const { url, client } = await realRedis()
  await client.set('test:other', 'mine')
  const { prepare, cleanup } = openFlow(driver, url, { keys: 2_500, prefix: 'test:' })
  await prepare()
  expect(await client.dbsize()).toBe(2_502)
  await cleanup()
  expect(await client.keys('*')).toEqual(['test:other'])
})

test.skipIf(withoutRedis)('a mark without its data is not trusted', async () => {
  const { url, client } = await realRedis()
  const { prepare } = openFlow(driver, url, { keys: 50, prefix: 'test:' })
  await prepare()
  await client.del('test:49')
  expect(await prepare()).toMatchObject({ preloaded: true })
  expect(await client.exists('test:49')).toBe(1)
  // values of another size are other data
  expect(
    await openFlow(driver, url, { keys: 50, prefix: 'test:', valueSize: '200B' }).prepare(),
  ).toMatchObject({
    preloaded: true,
  })
})

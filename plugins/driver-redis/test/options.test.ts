import { parse } from '@cloudbench/testkit/flow'
import { expect, test } from 'vitest'
import driver from '../src/index.ts'

test('every option has a default', async () => {
  expect(await parse(driver, {})).toEqual({
    client: 'wire',
    reads: 0.9,
    keys: 10_000,
    prefix: 'cloudbench:',
    valueSize: 100,
    distribution: 'uniform',
    theta: 0.99,
    pipelining: 1,
    preload: true,
    verify: true,
    cluster: false,
    connectTimeoutMs: 10_000,
  })
})

test('a cluster is spoken to by ioredis unless another client is named', async () => {
  expect(await parse(driver, { cluster: true })).toMatchObject({ client: 'ioredis' })
  expect(await parse(driver, { cluster: true, client: 'ioredis', autoPipelining: true })).toMatchObject({
    client: 'ioredis',
    autoPipelining: true,
  })
})

test('numbers may have units', async () => {
  expect(
    await parse(driver, { reads: '95%', keys: '2M', valueSize: '1KiB', connectTimeoutMs: '2s' }),
  ).toMatchObject({
    reads: 0.95,
    keys: 2_000_000,
    valueSize: 1024,
    connectTimeoutMs: 2_000,
  })
})

test.each([
  [{ reads: '120%' }, /"reads": must be at most 100%/],
  [{ reads: 0.9 }, /"reads": 0\.9 what\?.*write 90%/],
  [{ keys: 0 }, /"keys": must be greater than 0/],
  [{ keys: 1.5 }, /"keys": 1\.5 is not a whole number/],
  [{ valueSize: '10B' }, /"valueSize": must be at least 40 B/],
  [{ valueSize: '1 mile' }, /"valueSize": .* is not a size/],
  [{ prefix: 'with space' }, /"prefix": must be 1 to 100 printable/],
  [{ distribution: 'normal' }, /distribution/],
  [{ theta: 0 }, /theta/],
  [{ pipelining: 0 }, /pipelining/],
  [{ connectTimeoutMs: 2_000 }, /"connectTimeoutMs": 2000 what\?/],
  [{ connectTimeoutMs: 'soon' }, /"connectTimeoutMs": .* is not a duration/],
  [{ tls: { cert: 'x' } }, /"tls": cert and key belong together/],
  [{ client: 'redis' }, /"client": .*"wire"\|"ioredis"\|"node-redis"/],
  [
    { client: 'wire', cluster: true },
    /"client": wire speaks to one server, and cluster: true needs client: ioredis/,
  ],
  [{ client: 'node-redis', cluster: true }, /"client": node-redis speaks to one server/],
  [{ autoPipelining: true }, /"autoPipelining": is an option of ioredis, and this is client: wire/],
  [{ autoPipelining: false, client: 'node-redis' }, /"autoPipelining": is an option of ioredis/],
  [{ keys: '20B' }, /"keys"/],
  [{ pipelinig: 2 }, /unknown option "pipelinig"; did you mean pipelining/],
])('%j is refused', async (options, message) => {
  await expect(parse(driver, options)).rejects.toThrow(message)
})

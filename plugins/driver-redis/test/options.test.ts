import { parse } from '@cloudbench/testkit/flow'
import { expect, test } from 'vitest'
import driver from '../src/index.ts'

test('every option has a default', async () => {
  expect(await parse(driver, {})).toEqual({
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
  [{ reads: '120%' }, /"reads": is not a share/],
  [{ reads: 2 }, /"reads": is not a share/],
  [{ keys: 0 }, /"keys": is not a count/],
  [{ keys: 1.5 }, /"keys": is not a count/],
  [{ valueSize: '10B' }, /"valueSize": must be at least 40 bytes/],
  [{ valueSize: '1 mile' }, /"valueSize": is not a size/],
  [{ prefix: 'with space' }, /"prefix": must be 1 to 100 printable/],
  [{ distribution: 'normal' }, /distribution/],
  [{ theta: 0 }, /theta/],
  [{ pipelining: 0 }, /pipelining/],
  [{ connectTimeoutMs: 'soon' }, /"connectTimeoutMs": is not a duration/],
  [{ tls: { cert: 'x' } }, /"tls": cert and key belong together/],
  [{ pipelinig: 2 }, /pipelinig/],
])('%j is refused', async (options, message) => {
  await expect(parse(driver, options)).rejects.toThrow(message)
})

import { brandOf, pluginApi } from '@cloudbench/core'
import { parse } from '@cloudbench/testkit/flow'
import { expect, test } from 'vitest'
import driver from '../src/index.ts'

const sampling = { samples: 100, callsPerSample: 1, subtractTimerOverhead: false }

test('every option has a default except the module file', async () => {
  expect(await parse(driver, {}, 'serialise')).toEqual({ ...sampling, format: 'json', size: 1024 })
  expect(await parse(driver, {}, 'hash')).toEqual({ ...sampling, algorithm: 'sha256', size: 1024 })
  expect(await parse(driver, {}, 'buffers')).toEqual({ ...sampling, source: 'pool', size: 65_536, held: 16 })
  expect(await parse(driver, { file: 'x.ts' }, 'module')).toEqual({
    ...sampling,
    file: 'x.ts',
    function: 'default',
  })
})

test('it is a driver of this plugin API', () => {
  expect(brandOf(driver)).toEqual({ kind: 'driver', api: pluginApi })
})

test.each([
  ['hash', { algorithm: 'sha3000' }, /"algorithm": "sha3000" is not a hash that this Node\.js has/],
  ['hash', { size: '1GB' }, /"size": must be at most 64 MiB/],
  ['hash', { size: 0 }, /"size": must be greater than 0/],
  ['hash', { size: 100 }, /"size": 100 what\?.*write 100B/],
  ['hash', { samples: 0 }, /samples/],
  ['hash', { callsPerSample: 1.5 }, /callsPerSample/],
  ['hash', { sampels: 10 }, /unknown option "sampels"; did you mean samples/],
  ['serialise', { format: 'xml' }, /format/],
  ['buffers', { source: 'heap' }, /source/],
  ['buffers', { held: 0 }, /held/],
  ['module', {}, /file/],
])('%s: %j is refused', async (workload, options, message) => {
  await expect(parse(driver, options, workload)).rejects.toThrow(message)
})

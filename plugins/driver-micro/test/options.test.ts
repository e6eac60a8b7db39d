import { brandOf, pluginApi } from '@cloudbench/core'
import { expect, test } from 'vitest'
import { z } from 'zod'
import driver from '../src/index.ts'
import { parse } from './context.ts'

const sampling = { samples: 100, callsPerSample: 1, subtractTimerOverhead: false }

test('every option has a default except the module file', () => {
  expect(parse('serialise', {})).toEqual({ ...sampling, format: 'json', size: 1024 })
  expect(parse('hash', {})).toEqual({ ...sampling, algorithm: 'sha256', size: 1024 })
  expect(parse('buffers', {})).toEqual({ ...sampling, source: 'pool', size: 65_536, held: 16 })
  expect(parse('module', { file: 'x.ts' })).toEqual({ ...sampling, file: 'x.ts', function: 'default' })
})

test('is a driver of this plugin API, and describes every option', async () => {
  expect(brandOf(driver)).toEqual({ kind: 'driver', api: pluginApi })
  for (const { options } of Object.values(driver.workloads!)) {
    const { properties = {} } = z.toJSONSchema(options as unknown as z.ZodType, { io: 'input' })
    for (const [name, property] of Object.entries(properties))
      expect([name, (property as { readonly description?: string }).description]).not.toContain(undefined)
  }
  const { target, close } = await driver.loopback!({})
  expect(target).toBe('micro:')
  await close()
})

test.each([
  ['hash', { algorithm: 'sha3000' }, /algorithm: "sha3000" is not a hash that this Node\.js has/],
  ['hash', { size: '1GB' }, /size: is not a size up to 64MiB/],
  ['hash', { size: 0 }, /size: is not a size/],
  ['hash', { samples: 0 }, /samples/],
  ['hash', { callsPerSample: 1.5 }, /callsPerSample/],
  ['hash', { sampels: 10 }, /sampels/],
  ['serialise', { format: 'xml' }, /format/],
  ['buffers', { source: 'heap' }, /source/],
  ['buffers', { held: 0 }, /held/],
  ['module', {}, /file/],
])('%s: %j is refused', (workload, options, message) => {
  expect(() => parse(workload, options)).toThrow(message)
})

import { brandOf, pluginApi } from '@cloudbench/core'
import { expect, test } from 'vitest'
import { z } from 'zod'
import driver from '../../src/index.ts'
import { jsonOptions, streamOptions, unaryOptions } from '../../src/options.ts'

test('it is a driver of this plugin API, and unary is its first workload', () => {
  expect(brandOf(driver)).toEqual({ kind: 'driver', api: pluginApi })
  expect(driver.name).toBe('grpc')
  expect(Object.keys(driver.workloads!)).toEqual(['unary', 'stream', 'json'])
})

test('every option is described', () => {
  for (const schema of [unaryOptions, streamOptions, jsonOptions]) {
    const { properties } = z.toJSONSchema(schema, { io: 'input' })
    const undescribed = namesWithout(properties as Record<string, Described>)
    expect(undescribed).toEqual([])
  }
})

interface Described {
  readonly description?: string
  readonly properties?: Readonly<Record<string, Described>>
}

function namesWithout(properties: Readonly<Record<string, Described>>): string[] {
  return Object.entries(properties).flatMap(([name, { description, properties: inner = {} }]) => [
    ...(description === undefined ? [name] : []),
    ...namesWithout(inner),
  ])
}

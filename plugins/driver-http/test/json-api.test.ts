import { brandOf, pluginApi } from '@cloudbench/core'
import { expect, test } from 'vitest'
import { z } from 'zod'
import driver from '../src/index.ts'
import { jsonApiOptions, requestOptions } from '../src/options.ts'

test('it is a driver of this plugin API, and json-api is its first workload', () => {
  expect(brandOf(driver)).toEqual({ kind: 'driver', api: pluginApi })
  expect(driver.name).toBe('http')
  expect(Object.keys(driver.workloads!)).toEqual(['json-api', 'request'])
})

test('every option is described', () => {
  for (const schema of [jsonApiOptions, requestOptions]) {
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

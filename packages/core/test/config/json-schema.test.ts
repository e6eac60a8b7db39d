import { expect, it } from 'vitest'
import { defineConfig } from '../../src/config/define.ts'
import { configJsonSchema } from '../../src/config/json-schema.ts'

interface Property {
  readonly description?: string
}

it('describes every setting of the files that users write', () => {
  for (const kind of ['scenario', 'target', 'baseline'] as const) {
    const schema = configJsonSchema(kind) as {
      properties: Record<string, Property>
      additionalProperties: boolean
    }
    expect(schema.additionalProperties).toBe(false)
    for (const [key, { description }] of Object.entries(schema.properties))
      expect([key, description]).not.toContain(undefined)
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema)
  }
  const { properties } = configJsonSchema('scenario') as { properties: Record<string, Property> }
  expect(Object.keys(properties)).toEqual(
    expect.arrayContaining(['flows', 'rate', 'stages', 'checks', 'driver']),
  )
  expect(Object.keys(configJsonSchema('target')['properties'] as object)).toEqual([
    'driver',
    'url',
    'zone',
    'options',
  ])
})

it('types the configuration', () => {
  const config = defineConfig({
    targets: { redis: { driver: ['redis', { tls: false }], url: 'redis://h' } },
    scenarios: { s: { target: 'redis', rate: '5/s', flows: { a: { think: 0 } } } },
    reporters: [
      'default',
      ['junit', { file: 'x' }],
      { name: 'mine', onRunEnd: (result) => void result.exitCode },
    ],
    plugins: [{ name: 'p', hooks: { config: (draft) => void draft['name'] } }],
    environment: ['memory'],
  })
  expect(config.environment).toEqual(['memory'])
  // @ts-expect-error -- not a setting
  defineConfig({ duraton: '5s' })
  // @ts-expect-error -- not a string or a number
  defineConfig({ scenarios: { s: { rate: true } } })
  // @ts-expect-error -- functions belong to reporters and plugins
  defineConfig({ environment: [() => {}] })
})

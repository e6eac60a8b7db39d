import { expect, it } from 'vitest'
import { settingsOf } from '../../src/config/settings.ts'
import { load, loadTree } from './project.ts'

it('says what is configured for the selected scenarios, and where, and nothing of the others', async () => {
  const config = await load({ scenarios: ['http-json-api'], flags: { rate: '7/s' } })
  const settings = settingsOf(config)
  expect(settings).toContainEqual({
    path: 'scenarios.http-json-api.flows.main.rate',
    value: '7/s',
    origin: '--rate',
  })
  expect(settings).toContainEqual({ path: 'targets.http.driver', value: 'http', origin: 'built-in' })
  expect(settings).toContainEqual({ path: 'reporters', value: ['default', 'json'], origin: 'built-in' })
  expect(settings.filter(({ path }) => path.includes('redis'))).toEqual([])
})

it('holds no secret', async () => {
  const settings = settingsOf(
    await loadTree({
      targets: { a: { driver: 'http', url: 'http://u:hunter22@h', options: { password: 'correct-horse' } } },
      scenarios: { s: { target: 'a', rate: 5, description: 'not correct-horse' } },
    }),
  )
  const text = JSON.stringify(settings)
  expect(text).not.toMatch(/hunter22|correct-horse/)
  expect(settings.find(({ path }) => path === 'targets.a.url')?.value).toContain('http://')
})

it('is bounded, and says what is left out', async () => {
  const body = Object.fromEntries(Array.from({ length: 1_500 }, (_, at) => [`key${at}`, at]))
  const settings = settingsOf(
    await loadTree({
      targets: { a: { driver: 'http' } },
      scenarios: { s: { description: 'x'.repeat(5_000), target: 'a', rate: 5, options: { body } } },
    }),
  )
  expect(settings).toHaveLength(1_001)
  expect(settings.at(-1)?.value).toMatch(/^\d+ more settings$/)
  expect(JSON.stringify(settings.find(({ path }) => path.endsWith('description')))).toMatch(
    /x… \(5000 characters\)/,
  )
})

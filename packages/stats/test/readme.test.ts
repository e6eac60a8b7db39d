import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import * as stats from '../src/index.ts'
import { reportOf } from './fixtures/report.ts'
import { queueOf } from './support/random.ts'

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')
const readme = read('../README.md')

test('the example of the README is the one that works here', () => {
  const [, shown] = /^```ts\n([^]*?)^```$/m.exec(readme) ?? []
  expect(shown).toBe(read('fixtures/report.ts'))

  const seconds = Array.from({ length: 60 }, (): number[] => [])
  const { arrivals, responses } = queueOf(1, { perSecond: 50, servedPerSecond: 100, seconds: 60 })
  for (const [at, arrival] of arrivals.entries())
    seconds[Math.floor(arrival)]!.push(Math.round(1000 * responses[at]!))
  expect(reportOf(seconds)).toMatch(/^p99 \d+ ms \(\d+ to (\d+|more)\), (established|indicative)$/)
  expect(reportOf(seconds.slice(0, 3))).toBe('too short: four seconds are the least')
})

test('the README says what every export is for', () => {
  expect(Object.keys(stats).filter((name) => !readme.includes(`| \`${name}(`))).toEqual([])
})

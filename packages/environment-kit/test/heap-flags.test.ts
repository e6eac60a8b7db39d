import { afterEach, expect, test, vi } from 'vitest'
import { heapFlagsOf } from '../src/index.ts'

afterEach(() => vi.unstubAllEnvs())
const of = (execArgv: string[], options?: string) =>
  heapFlagsOf({ execArgv, env: options === undefined ? {} : { NODE_OPTIONS: options } })

test('the command line goes before NODE_OPTIONS, and the last flag before the others', () => {
  expect(of(['--max-old-space-size=300'], '--max-old-space-size=100')).toMatchObject({ maxOldSpaceMb: 300 })
  expect(of(['--max-old-space-size=300', '--max-old-space-size=200'])).toMatchObject({ maxOldSpaceMb: 200 })
})

test('NODE_OPTIONS of the launch goes before that of the process', () => {
  vi.stubEnv('NODE_OPTIONS', '--max-semi-space-size=4')
  expect(of([])).toEqual({ semiSpaceMb: 4 })
  expect(of([], '--max-semi-space-size=8')).toEqual({ semiSpaceMb: 8 })
})

test.each([
  { flag: '--max-old-space-size=64', heap: { heap: '--max-old-space-size=64', maxOldSpaceMb: 64 } },
  { flag: '--max_old_space_size=64', heap: { heap: '--max_old_space_size=64', maxOldSpaceMb: 64 } },
  { flag: '--max-heap-size=64', heap: { heap: '--max-heap-size=64' } },
  { flag: '--max-old-space-size-percentage=10', heap: { heap: '--max-old-space-size-percentage=10' } },
  { flag: '--max-old-space-size=much', heap: { heap: '--max-old-space-size=much' } },
  { flag: '--expose-gc', heap: {} },
])('$flag', ({ flag, heap }) => {
  vi.stubEnv('NODE_OPTIONS', '')
  expect(of([flag])).toEqual(heap)
})

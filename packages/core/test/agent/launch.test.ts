import { afterEach, expect, test, vi } from 'vitest'
import { addOwnFlags, argvOf, blankLaunch } from '../../src/agent/launch.ts'

afterEach(() => vi.unstubAllEnvs())

const flag = '--max-semi-space-size=16'
const added = ['core: execArgv += --expose-gc']

test('the core asks for a small young generation, before the flags of environments, and says so', () => {
  vi.stubEnv('NODE_OPTIONS', '')
  const launch = blankLaunch(0, 1)
  launch.execArgv.push('--max-old-space-size=200')
  expect(addOwnFlags(launch)).toEqual([`core: execArgv += --expose-gc ${flag}`])
  expect(launch.execArgv).toEqual(['--expose-gc', flag, '--max-old-space-size=200'])
  const argv = argvOf(launch)
  expect(argv.indexOf(flag)).toBeLessThan(argv.indexOf('--max-old-space-size=200'))
})

test.each(['--max-semi-space-size=32', '--max_semi_space_size=32', '--min-semi-space-size=8'])(
  'but not where something else has decided: %s',
  (other) => {
    const byEnvironment = blankLaunch(0, 1)
    byEnvironment.execArgv.push(other)
    expect(addOwnFlags(byEnvironment)).toEqual(added)
    expect(byEnvironment.execArgv).toEqual(['--expose-gc', other])

    const byVariable = blankLaunch(0, 1)
    byVariable.env['NODE_OPTIONS'] = `--no-warnings ${other}`
    expect(addOwnFlags(byVariable)).toEqual(added)

    vi.stubEnv('NODE_OPTIONS', other)
    expect(addOwnFlags(blankLaunch(0, 1))).toEqual(added)
    const emptied = { ...blankLaunch(0, 1), env: { NODE_OPTIONS: '' } }
    addOwnFlags(emptied)
    expect(emptied.execArgv).toContain(flag)
  },
)

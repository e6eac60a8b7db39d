import { expect, test } from 'vitest'
import { adaptEnvironment } from '../../src/hooks/adapt.ts'
import type { Hooks } from '../../src/hooks/lifecycle.ts'
import type { Environment, EnvironmentContext } from '../../src/plugin/environment.ts'

const context: EnvironmentContext = {
  options: {},
  facts: {},
  log: { debug() {}, info() {}, warn() {} },
  signal: new AbortController().signal,
}

const hooksOf = (environment: Omit<Environment, 'name'>): Partial<Hooks> =>
  adaptEnvironment({ name: 'x', ...environment }, () => context).hooks as Partial<Hooks>

test('closing undoes what was done, the last first', async () => {
  const done: string[] = []
  const hooks = hooksOf({
    apply: () => () => void done.push('undo'),
    watch: () => ({ signals: {}, read: () => ({}), close: () => void done.push('close') }),
  })
  await hooks['machine:apply']?.()
  await hooks['machine:watch']?.()
  await hooks.close?.()
  expect(done).toEqual(['close', 'undo'])
})

test('what is applied only after the end is undone at once', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const done: string[] = []
  const hooks = hooksOf({
    async apply() {
      await promise
      done.push('applied')
      return () => void done.push('undone')
    },
  })
  const applying = hooks['machine:apply']?.()
  await hooks.close?.()
  expect(done).toEqual([])
  resolve()
  await applying
  expect(done).toEqual(['applied', 'undone'])
})

test('advice is asked for with what was discovered, and only where there is some', async () => {
  const advice = [{ what: 'a', why: 'b', how: 'c' }]
  expect(await hooksOf({ advise: () => advice })['machine:advise']?.()).toEqual(advice)
  expect(hooksOf({})).not.toHaveProperty(['machine:advise'])
})

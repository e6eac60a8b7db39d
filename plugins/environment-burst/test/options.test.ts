import { brandOf } from '@cloudbench/core'
import { expect, test } from 'vitest'
import plugin from '../src/index.ts'
import { options } from '../src/options.ts'

test('it is an environment named burst', () => {
  expect(plugin.name).toBe('burst')
  expect(brandOf(plugin)?.kind).toBe('environment')
})

test('the defaults', () => {
  expect(options.parse({})).toEqual({ canary: true, root: '/' })
})

test.each([{ credits: -1 }, { credits: '100' }, { canary: 'yes' }, { quota: 1 }])(
  '%o is refused',
  (input) => {
    expect(options.safeParse(input).success).toBe(false)
  },
)

import { z } from '@cloudbench/schema'
import { describe, expect, it } from 'vitest'
import { assertJson } from '../../src/loading/json.ts'
import { parseOptions } from '../../src/loading/options.ts'

describe('the options of a plugin', () => {
  const schema = z.strictObject({ key: z.string(), depth: z.number().default(1) })

  it('are the output of its schema', async () => {
    await expect(parseOptions('x', schema, { key: 'a' })).resolves.toEqual({ key: 'a', depth: 1 })
  })

  it('that the schema refuses name the plugin and the option', async () => {
    await expect(parseOptions('x', schema, { key: 7 })).rejects.toMatchObject({
      code: 'CB_PLUGIN_OPTIONS',
      message: expect.stringMatching(/^x: option "key": .*string/) as string,
    })
  })

  it('are refused by a plugin that declares none', async () => {
    await expect(parseOptions('x', undefined, { key: 'a' })).rejects.toMatchObject({
      message: 'x: unknown option "key"',
    })
    await expect(parseOptions('x', undefined, {})).resolves.toEqual({})
  })

  it('are given up when the schema never answers', async () => {
    const endless = z.strictObject({}).refine(() => new Promise(() => {}))
    await expect(parseOptions('x', endless, {}, 100)).rejects.toMatchObject({
      code: 'CB_HOOK_TIMEOUT',
      message: 'x: reading its options did not end within 100 ms',
    })
  })

  it.each([
    ['a function', { hook: () => {} }, /options\.hook is a function/],
    ['an instance', { at: new Date(0) }, /options\.at is an instance of Date/],
    ['not a number', { list: [1, Number.NaN] }, /options\.list\[1\] is NaN/],
    ['a bigint', { size: 10n }, /options\.size is a bigint/],
  ])('with %s in them cannot travel to a worker', (_, options, message) => {
    expect(() => assertJson(options, 'options')).toThrow(message)
  })

  it('of plain data may travel', () => {
    expect(() => assertJson({ a: [1, 'b', null, { c: true }], d: undefined }, 'options')).not.toThrow()
  })
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createCallFrames } from '../../src/wire/messages.ts'
import { messagesIn, parametersOf } from './client-messages.ts'

const integer = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })

test('calls carry the numbers that were set, however their bytes are cut', () => {
  const shape = fc.array(fc.array(integer, { maxLength: 5 }), { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(shape, fc.integer({ min: 1, max: 50 }), (values, chunkBytes) => {
      const calls = createCallFrames(
        values.map((parameters) => ({ name: 'name', text: '', parameters: parameters.length })),
        true,
      )
      for (const [call, parameters] of values.entries())
        for (const [parameter, value] of parameters.entries()) calls.set(call, parameter, value)
      const messages = messagesIn(calls.bytes, chunkBytes)
      expect(messages.map(({ letter }) => letter).join('')).toBe(`${'BE'.repeat(values.length)}S`)
      const binds = messages.filter(({ letter }) => letter === 'B')
      expect(
        binds.map(({ body }) => parametersOf(body).map((bytes) => Number(bytes.readBigInt64BE()))),
      ).toEqual(values)
    }),
  )
})

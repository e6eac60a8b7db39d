import fc from 'fast-check'
import { unpack } from 'msgpackr'
import { expect, test } from 'vitest'
import { pack, type Packable } from '../../../src/worker/log/msgpack.ts'

const { value } = fc.letrec<{ value: Packable }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.string({ unit: 'binary' }),
    fc.double({ noNaN: true }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value')),
    fc.dictionary(
      fc.string().filter((key) => key !== '__proto__'),
      tie('value'),
      { noNullPrototype: true },
    ),
  ),
}))

test('what is packed is msgpack', () => {
  fc.assert(
    fc.property(value, (given) => {
      expect(unpack(pack(given))).toEqual(given)
    }),
  )
})

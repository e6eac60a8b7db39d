import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createKeyspace } from '../../src/payload/keyspace.ts'
import { commandOf, createCommands } from '../../src/wire/commands.ts'

/** Collects what is laid out. */
function output() {
  let used = 0
  return {
    out: Buffer.alloc(10_000, '?'),
    reserve(bytes: number) {
      used += bytes
      return used - bytes
    },
    text() {
      return this.out.toString('latin1', 0, used)
    },
  }
}

const index = fc.oneof(fc.nat(), fc.integer({ min: 0, max: 9_999_999_999 }))

test('commands are what a client library would send, for every key and write', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 100 }),
      fc.integer({ min: 40, max: 500 }),
      fc.array(fc.tuple(index, fc.integer({ min: 0, max: 99_999 }), fc.integer({ min: 0, max: 9e15 })), {
        maxLength: 5,
      }),
      (prefix, valueSize, writes) => {
        const keyspace = createKeyspace({ prefix, valueSize })
        const commands = createCommands(prefix, valueSize, keyspace)
        const laid = output()
        let expected = ''
        for (const [key, writer, sequence] of writes) {
          commands.get(laid, key)
          commands.set(laid, key, writer, sequence)
          const value = keyspace.valueOf(key, writer, sequence)
          expect(value).toHaveLength(valueSize)
          expected += commandOf('GET', keyspace.keyOf(key)).toString()
          expected += commandOf('SET', keyspace.keyOf(key), value).toString()
        }
        expect(laid.text()).toBe(expected)
      },
    ),
  )
})

test('a word is counted in bytes', () => {
  expect(commandOf('AUTH', 'pä').toString()).toBe('*2\r\n$4\r\nAUTH\r\n$3\r\npä\r\n')
})

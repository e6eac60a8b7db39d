import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createDocumentShape } from '../../src/payload.ts'
import { createBatch, insertStatementName } from '../../src/workloads/batch.ts'
import { messagesIn, parametersOf } from '../wire/client-messages.ts'

const integer = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })

test('a batch carries the rows that were added, whatever it held before', () => {
  const shape = createDocumentShape(100)
  const batch = createBatch(8, 42, shape)
  const slot = { index: 0, random: Math.random, answered() {}, done() {}, fail() {}, unsent() {} }
  fc.assert(
    fc.property(fc.array(integer, { minLength: 1, maxLength: 8 }), (sequences) => {
      for (const sequence of sequences) batch.add(slot, sequence)
      const messages = messagesIn(batch.seal(insertStatementName(sequences.length)))
      expect(messages.map(({ letter }) => letter)).toEqual(['B', 'E', 'S'])
      const [writer, ...rows] = parametersOf(messages[0]!.body)
      expect(writer!.readBigInt64BE()).toBe(42n)
      expect(rows).toHaveLength(2 * sequences.length)
      for (const [row, sequence] of sequences.entries()) {
        expect(rows[2 * row]!.readBigInt64BE()).toBe(BigInt(sequence))
        const document = rows[2 * row + 1]!
        // the version of jsonb, then JSON
        expect([document[0], document.length]).toEqual([1, 101])
        expect(JSON.parse(document.toString('utf8', 1))).toEqual({
          sequence: String(sequence).padStart(16, '0'),
          text: shape.text,
        })
      }
      batch.clear()
    }),
  )
})

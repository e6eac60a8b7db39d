import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createDocumentShape } from '../../src/payload.ts'
import { createDocumentFrames } from '../../src/wire/document-frames.ts'
import { messagesIn, parametersOf } from './client-messages.ts'

const integer = fc.oneof(fc.nat(), fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }))
const { text } = createDocumentShape(100)
const shape = {
  table: 'documents',
  rows: 8,
  writer: 42,
  documentSize: 100,
  textOf: (rows: number) => `INSERT ${rows}`,
}

test.each([true, false])(
  'a frame carries the rows that were put, whatever it held before; named: %s',
  (isNamed) => {
    const { put, frameOf } = createDocumentFrames(shape, isNamed)
    const seen = new Set<number>()
    fc.assert(
      fc.property(fc.array(integer, { minLength: 1, maxLength: 8 }), (sequences) => {
        const count = sequences.length
        for (const [row, sequence] of sequences.entries()) put(row, sequence)
        const messages = messagesIn(frameOf(count, 0))
        const sent = messages.map(({ letter }) => letter).join('')
        if (isNamed) expect(sent).toBe(seen.has(count) ? 'BES' : 'CPBES')
        else expect(sent).toBe('PBES')
        seen.add(count)
        const [writer, ...rows] = parametersOf(messages.find(({ letter }) => letter === 'B')!.body)
        expect(writer!.readBigInt64BE()).toBe(42n)
        expect(rows).toHaveLength(2 * count)
        for (const [row, sequence] of sequences.entries()) {
          expect(rows[2 * row]!.readBigInt64BE()).toBe(BigInt(sequence))
          const document = rows[2 * row + 1]!
          // the version of jsonb, then JSON
          expect([document[0], document.length]).toEqual([1, 101])
          expect(JSON.parse(document.toString('utf8', 1))).toEqual({
            sequence: String(sequence).padStart(16, '0'),
            text,
          })
        }
      }),
    )
  },
)

test('a statement that may be gone is prepared again', () => {
  const { put, frameOf, forget } = createDocumentFrames(shape, true)
  put(0, 1)
  const lettersOf = (): string =>
    messagesIn(frameOf(1, 0))
      .map(({ letter }) => letter)
      .join('')
  expect([lettersOf(), lettersOf()]).toEqual(['CPBES', 'BES'])
  forget(1)
  expect([lettersOf(), lettersOf()]).toEqual(['CPBES', 'BES'])
})

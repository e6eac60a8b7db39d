import { array, assert, integer, property, string } from 'fast-check'
import { expect, test } from 'vitest'
import { formatCpuList, parseCpuList } from '../src/cpu-list.ts'

test.each([
  { text: '0', cpus: [0] },
  { text: '0-3', cpus: [0, 1, 2, 3] },
  { text: '0-1,8,16-17\n', cpus: [0, 1, 8, 16, 17] },
  { text: '3, 1 ,1-2', cpus: [1, 2, 3] },
  { text: '', cpus: [] },
  { text: '\n', cpus: [] },
])('"$text" is $cpus', ({ text, cpus }) => {
  expect(parseCpuList(text)).toEqual(cpus)
})

test.each(['a', '1-', '-1', '3-1', '0,,1', '0-99999', '0-16384', '99999999999', '0x1', '1.5', '0-3:2'])(
  '"%s" is no list',
  (text) => {
    expect(parseCpuList(text)).toBeUndefined()
  },
)

test('a file that could not be read is no list', () => {
  expect(parseCpuList(undefined)).toBeUndefined()
})

test('what is written is read again, in order and without repetitions', () => {
  assert(
    property(array(integer({ min: 0, max: 16_383 }), { maxLength: 200 }), (cpus) => {
      expect(parseCpuList(formatCpuList(cpus))).toEqual([...new Set(cpus)].toSorted((a, b) => a - b))
    }),
  )
})

test('what was read is written in one way', () => {
  assert(
    property(array(integer({ min: 0, max: 300 }), { maxLength: 50 }), (cpus) => {
      const text = formatCpuList(cpus)
      expect(formatCpuList(parseCpuList(text)!)).toBe(text)
    }),
  )
})

test('any text is read or refused', () => {
  assert(
    property(string({ maxLength: 60 }), (text) => {
      const cpus = parseCpuList(text)
      expect(cpus && parseCpuList(formatCpuList(cpus))).toEqual(cpus)
    }),
  )
})

import { join } from 'node:path'
import { machineTree } from '@cloudbench/fixtures/machine-tree'
import { expect, test } from 'vitest'
import { countsIn, numberIn, readCounts, readNumber, readText } from '../src/index.ts'

test('a file is read to its end, also one of more than a page', async () => {
  const long = 'x'.repeat(10_000)
  const { root } = await machineTree({ long, empty: '' })
  expect(await readText(join(root, 'long'))).toBe(long)
  expect(await readText(join(root, 'empty'))).toBe('')
})

test('a file of the kernel, which has no size, is read too', async () => {
  expect(await readText('/proc/self/status')).toMatch(/^Name:/)
})

test('what is missing, no file, or has no end is undefined', async () => {
  expect(await readText('/nonexistent/file')).toBeUndefined()
  expect(await readText('/')).toBeUndefined()
  expect(await readText('/dev/zero')).toBeUndefined()
  expect(await readNumber('/nonexistent/file')).toBeUndefined()
})

test.each([
  { text: '42\n', number: 42 },
  { text: '9223372036854771712', number: 2 ** 63 - 4096 },
  { text: undefined, number: undefined },
  { text: '', number: undefined },
  { text: 'max', number: undefined },
  { text: '-1', number: undefined },
  { text: '1.5', number: undefined },
  { text: '1 2', number: undefined },
  { text: '9'.repeat(400), number: undefined },
])('$text is $number', ({ text, number }) => {
  expect(numberIn(text)).toBe(number)
})

test('names and numbers are read line by line, and other lines are left out', async () => {
  const text = 'pswpin 3\npswpout 4\n\nbroken\n nameless 5\nnegative -1\nmany 1 2\ntoo_long 1e9\nlast 6'
  const counts = { pswpin: 3, pswpout: 4, last: 6 }
  expect(Object.fromEntries(countsIn(text))).toEqual(counts)
  const { root } = await machineTree({ vmstat: text })
  expect(Object.fromEntries(await readCounts(join(root, 'vmstat')))).toEqual(counts)
  expect((await readCounts(join(root, 'missing'))).size).toBe(0)
})

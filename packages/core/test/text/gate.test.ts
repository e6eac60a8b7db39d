import { expect, test } from 'vitest'
import { drawn, gate } from '../../src/text/gate.ts'
import { createStyle } from '../../src/text/style.ts'
import { visible, visibleJson } from '../../src/text/visible.ts'

const foreign = '\u001B[31mred\u001B]0;title\u0007\u009B2J\u202Eabc\r\n'

test('foreign text is made visible, and line breaks and tabs stay', () => {
  expect(visible(foreign)).toBe(String.raw`\x1b[31mred\x1b]0;title\x07\x9b2J\u202eabc\r` + '\n')
  expect(visible('a\tb\nc 漢字 שלום 🚀')).toBe('a\tb\nc 漢字 שלום 🚀')
})

test('colours of our own pass, also around foreign text and nested; those of others do not', () => {
  const { bad, bold } = createStyle(true)
  expect(gate(bold(bad(`a${foreign}`)))).toBe(`\u001B[1m\u001B[31ma${visible(foreign)}\u001B[39m\u001B[22m`)
  expect(gate(createStyle(false).bold(foreign))).toBe(visible(foreign))
})

test('a reporter draws as far as the stream can show it', () => {
  const text = '\u001B[2A\u001B[J\u001B[?25l\u001B[1mx\u001B]0;t\u0007'
  expect(gate(drawn(text, { color: true, isTTY: true }))).toBe(
    `\u001B[2A\u001B[J\u001B[?25l\u001B[1mx${visible('\u001B]0;t\u0007')}`,
  )
  expect(gate(drawn(text, { color: false, isTTY: false }))).toBe(visible(text))
})

test('JSON for a terminal is JSON, and has nothing to obey', () => {
  const printed = visibleJson({ a: foreign })
  expect(JSON.parse(printed)).toEqual({ a: foreign })
  expect(visible(printed)).toBe(printed)
})

import * as fc from 'fast-check'
import { Lexer, Marked, type Token } from 'marked'
import { expect, test } from 'vitest'
import { createEscape } from '../src/escape.ts'

const { code, inert } = createEscape((text) => text)
const marked = new Marked({ gfm: true })

/** What a person sees of some HTML. */
function seen(html: string): string {
  const named: Record<string, string> = { lt: '<', gt: '>', quot: '"', amp: '&' }
  return html
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/&(?:#(\d+)|(\w+));/g, (_, digits: string | undefined, name: string) =>
      digits === undefined ? named[name]! : String.fromCodePoint(Number(digits)),
    )
}

function kindsIn(tokens: readonly Token[]): string[] {
  return tokens.flatMap((token) => [
    token.type,
    ...kindsIn('tokens' in token ? (token.tokens ?? []) : []),
    ...kindsIn('items' in token ? (token.items as Token[]) : []),
  ])
}

const hostile = [
  '| a | b |',
  '</code></details><script>alert(1)</script>',
  '**bold** _it_ `code` ~~no~~',
  '[link](https://example.com) ![image](x)',
  '@everyone #1 !2 $3 :smile: group/project!4',
  'https://example.com www.example.com someone@example.com',
  '/close',
  '&lt; &#60; &amp;',
  String.raw`\| \\| \``,
  '$$x$$ <!-- -->',
]

test.each(hostile)('%j is shown as it is, in a table, in a list and in HTML', (text) => {
  const table = marked.parse(`| a | b |\n| --- | --- |\n| ${code(text)} | c |\n`) as string
  const cells = [...table.matchAll(/<td>(.*?)<\/td>/gs)].map(([, cell]) => seen(cell!))
  expect(cells).toEqual([text, 'c'])
  expect(seen(marked.parse(`- ${inert(text)}\n`) as string).trim()).toBe(text)
  expect(seen(`<summary>${inert(text)}</summary>`)).toBe(text)
})

test('whatever the text, it is one line of text and nothing else', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...hostile)), (text) => {
      const kinds = new Set(kindsIn(new Lexer({ gfm: true }).lex(`- x ${inert(text)} x\n`)))
      expect([...kinds].filter((kind) => !['list', 'list_item', 'text'].includes(kind))).toEqual([])
      const html = marked.parse(`| a | b |\n| --- | --- |\n| ${code(text)} | c |\n`) as string
      expect(html.match(/<td>/g)).toHaveLength(2)
      expect(html).not.toMatch(/<(?!\/?(table|thead|tbody|tr|th|td|code)\b)/)
      expect(inert(text)).not.toMatch(/[\n\r]/)
    }),
  )
})

test('a secret is taken out before it is escaped, also with colour codes in it', () => {
  const escape = createEscape((text) => text.replaceAll('p@ss|word', '***'))
  expect(seen(escape.code('it is p@ss|word'))).toBe('it is ***')
  expect(seen(escape.code('it is p@ss\u001B[31m|word'))).toBe('it is ***')
})

test('a text without a letter is still something, and a long one is cut', () => {
  expect(seen(code('\n \t'))).toBe('?')
  expect(inert('x'.repeat(5_000))).toBe(`${'x'.repeat(1_000)}…`)
})

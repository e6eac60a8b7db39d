import { stripVTControlCharacters } from 'node:util'

export interface Element {
  readonly name: string
  /** Those without a value are left out. */
  readonly attributes?: Readonly<Record<string, string | number | undefined>>
  readonly children?: readonly Element[]
  readonly text?: string
}

/** An XML 1.0 document, indented, whatever the texts hold. */
export function document(root: Element): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${lines(root, '').join('\n')}\n`
}

function lines({ name, attributes = {}, children = [], text }: Element, indent: string): string[] {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escape(String(value)).replaceAll(/[\t\n\r]/g, reference)}"`)
  const start = `${indent}<${name}${written.join('')}`
  if (text !== undefined) return [`${start}>${escape(text).replaceAll('\r', reference)}</${name}>`]
  if (children.length === 0) return [`${start}/>`]
  return [`${start}>`, ...children.flatMap((child) => lines(child, `${indent}  `)), `${indent}</${name}>`]
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** `>` too, because `]]>` may not stand in a text. */
function escape(text: string): string {
  return allowed(text).replaceAll(/[&<>"]/g, (character) => entities[character]!)
}

/** What a parser would make a space of is kept by a reference. */
function reference(character: string): string {
  return `&#${character.codePointAt(0)};`
}

/** Production `Char` of XML 1.0: what may not stand in a document, not even as a reference, becomes U+FFFD. */
function allowed(text: string): string {
  return stripVTControlCharacters(text)
    .toWellFormed()
    .replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\u{FFFD}')
}

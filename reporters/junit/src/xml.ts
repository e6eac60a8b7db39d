/** An element of XML. Attributes that are undefined are left out. */
export interface Element {
  readonly tag: string
  readonly attributes: Readonly<Record<string, Value | undefined>>
  /** Text, or elements. */
  readonly content: string | readonly Element[]
}

/** A number is written as it is, a date without zone and milliseconds, as the schemas of JUnit files require; in UTC. */
type Value = string | number | Date

export function element(
  tag: string,
  attributes: Element['attributes'],
  content: Element['content'] = [],
): Element {
  return { tag, attributes, content }
}

/** A whole document. Whatever the texts in it are, the document is well-formed. */
export function documentOf(root: Element): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${written(root, '')}`
}

/** The text, with `�` for what XML 1.0 cannot represent: control characters, and halves of surrogate pairs. */
export function legible(text: string): string {
  return text.replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\u{FFFD}')
}

function written({ tag, attributes, content }: Element, indent: string): string {
  const pairs = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${escaped(textOf(value!), attributeEscapes)}"`)
  const start = `${indent}<${tag}${pairs.join('')}`
  if (content.length === 0) return `${start}/>\n`
  if (typeof content === 'string') return `${start}>${escaped(content, textEscapes)}</${tag}>\n`
  return `${start}>\n${content.map((child) => written(child, `${indent}  `)).join('')}${indent}</${tag}>\n`
}

function textOf(value: Value): string {
  return value instanceof Date ? value.toISOString().slice(0, 19) : String(value)
}

/** `>` as well, because `]]>` is not allowed in text; a bare carriage return would be read as a line feed. */
const textEscapes: Escapes = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' }
/** White space that is written as such in an attribute is read as spaces. */
const attributeEscapes: Escapes = { ...textEscapes, '"': '&quot;', '\t': '&#9;', '\n': '&#10;' }

type Escapes = Readonly<Record<string, string>>

function escaped(text: string, escapes: Escapes): string {
  return legible(text).replaceAll(/[&<>"\t\n\r]/g, (character) => escapes[character] ?? character)
}

import { visible } from '@cloudbench/core/text'

/** What may stand in a page. Texts are foreign, and become safe when the page is written. */
export type Content = Markup | string | number | undefined | false | readonly Content[]

/** Markup with its foreign parts still apart, so that all of them pass through one place. */
export interface Markup {
  readonly strings: readonly string[]
  readonly values: readonly Content[]
}

/** Markup of ours, with foreign texts in it: between tags, or in an attribute with quotes around it. */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return { strings, values }
}

/** The text of a page. Secrets are taken out of every foreign text, then what HTML would obey. */
export function render(content: Content, redact: (text: string) => string): string {
  if (content === undefined || content === false) return ''
  if (typeof content === 'number') return String(content)
  if (typeof content === 'string') return escaped(redact(content))
  if (!isMarkup(content)) return content.map((part) => render(part, redact)).join('')
  const { strings, values } = content
  return strings.map((own, at) => flush(own) + render(values[at], redact)).join('')
}

/** Without the indentation of our source, which is a fifth of a page. */
function flush(own: string): string {
  return own.includes('\n') ? own.replaceAll(/\n\s*/g, '\n') : own
}

/** Text that shows as itself, between tags and in attributes. */
export function escaped(text: string): string {
  return visible(text.toWellFormed()).replaceAll(/[&<>"']/g, (letter) => `&#${letter.codePointAt(0)};`)
}

/** JSON inside a `<script>` element, where a parser looks for nothing but `</script` and `<!--`. */
export function scriptJson(json: string): string {
  return json.replaceAll('<', String.raw`\u003c`)
}

function isMarkup(content: Markup | readonly Content[]): content is Markup {
  return !Array.isArray(content)
}

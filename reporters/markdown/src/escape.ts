import { stripVTControlCharacters } from 'node:util'
import { visible } from '@cloudbench/core/text'

/** Foreign text as Markdown that says the same. */
export interface Escape {
  /** As running text, on one line. */
  inert(text: string): string
  /** As inline code. There sites look for no mention and no reference. */
  code(text: string): string
}

/** Longer texts are cut: a comment is to be read. */
const longest = 1_000

/** What could mean something in Markdown, in HTML, in a table, or to a site: mentions, references, commands, emoji, formulas. */
const meaningful = /[&<>|\\`*_~[\]@#$:"'!^{}]|(?<=www)\./gi

/**
 * Secrets are taken out first: what they are escaped to is no longer found. Characters that could mean something are
 * references by number, which never do: this holds in a table, in a list and in HTML alike.
 */
export function createEscape(redact: (text: string) => string): Escape {
  const inert = (text: string): string => {
    const line = visible(redact(stripVTControlCharacters(text)).replaceAll(/\s+/g, ' ').trim())
    const cut = line.length > longest ? `${line.slice(0, longest)}…` : line
    // half a letter is none
    return cut.toWellFormed().replaceAll(meaningful, (letter) => `&#${letter.codePointAt(0)};`)
  }
  return { inert, code: (text) => `<code>${inert(text) || '?'}</code>` }
}

import { stripVTControlCharacters } from 'node:util'

/** A name that users chose, or a number that was measured; undefined is an empty cell. */
export type Cell = string | number | undefined

/** A row as RFC 4180 has it. */
export function rowOf(cells: readonly Cell[], redact: (text: string) => string): string {
  const texts = cells.map((cell) => {
    if (cell === undefined || Number.isNaN(cell)) return ''
    return typeof cell === 'number' ? String(cell) : quoted(harmless(redact(stripVTControlCharacters(cell))))
  })
  return `${texts.join(',')}\r\n`
}

/** Programs for tables take what begins so for a formula, which may run programs and send data. */
const formula = /^[=+\-@\t\r\n＝＋－＠]/u

function harmless(text: string): string {
  return formula.test(text) ? `'${text}` : text
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

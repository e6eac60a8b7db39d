import { stripVTControlCharacters } from 'node:util'
import { allowed, visibleJson, type Style } from '@cloudbench/core/text'
import type { Column, Field } from './columns.ts'

/** Turns rows into text, as they come. */
export interface Writer<Row> {
  readonly head: string
  lines(rows: readonly Row[]): string
}

/** Columns are as wide as what they have had to hold so far. */
export function tableWriter<Row>(columns: readonly Column<Row>[], style: Style): Writer<Row> {
  const titles = columns.map(({ title }) => title)
  const widths = titles.map(() => 0)
  let isBegun = false
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) => cell + ' '.repeat(widths[at]! - widthOf(cell)))
      .join('  ')
      .trimEnd()
  return {
    head: '',
    lines(rows) {
      const cells = rows.map((row) => columns.map(({ cell }) => cell(row)))
      for (const row of isBegun ? cells : [titles, ...cells])
        for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at]!, widthOf(cell))
      const head = isBegun ? [] : [style.dim(line(titles))]
      isBegun = true
      return [...head, ...cells.map(line)].map((text) => `${text}\n`).join('')
    },
  }
}

export function ndjsonWriter<Row>(fields: readonly Field<Row>[]): Writer<Row> {
  const lineOf = (row: Row): string =>
    `${visibleJson(Object.fromEntries(fields.map(({ name, value }) => [name, value(row)])))}\n`
  return { head: '', lines: (rows) => rows.map(lineOf).join('') }
}

/** RFC 4180, and no cell is a formula. */
export function csvWriter<Row>(fields: readonly Field<Row>[]): Writer<Row> {
  const end = allowed('\r') + '\n'
  const lineOf = (row: Row): string => fields.map(({ value }) => csvCell(value(row))).join(',') + end
  return {
    head: fields.map(({ name }) => name).join(',') + end,
    lines: (rows) => rows.map(lineOf).join(''),
  }
}

/** A spreadsheet would run a name that begins like a formula. */
function csvCell(value: string | number | boolean | null): string {
  if (typeof value !== 'string') return value === null ? '' : String(value)
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function widthOf(text: string): number {
  return stripVTControlCharacters(text).length
}

import { stripVTControlCharacters } from 'node:util'

/** Rows as lines with aligned columns. The last column is not padded. */
export function inColumns(rows: readonly (readonly string[])[], gap = 2, widest = Infinity): string {
  const widths: number[] = []
  for (const row of rows)
    for (const [at, cell] of row.entries())
      widths[at] = Math.max(widths[at] ?? 0, Math.min(widthOf(cell), widest))
  const lines = rows.map((row) =>
    row
      .map((cell, at) =>
        at === row.length - 1 ? cell : cell + ' '.repeat(Math.max(0, widths[at]! - widthOf(cell)) + gap),
      )
      .join('')
      .trimEnd(),
  )
  return lines.map((line) => `${line}\n`).join('')
}

function widthOf(text: string): number {
  return stripVTControlCharacters(text).length
}

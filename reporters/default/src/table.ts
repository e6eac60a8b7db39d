import { cut, padEnd, padStart, widthOf } from './width.ts'

export interface Column {
  readonly title: string
  /** When there is no room for all columns, those with the highest number are dropped first. */
  readonly priority: number
}

const gap = 2
/** Title of the first column, which has the names. */
const narrowestName = 8

/** Rows below their titles, numbers aligned right, within the given width of the terminal. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  available: number,
): string[] {
  const widths = columns.map(({ title }, at) =>
    Math.max(widthOf(title), ...rows.map((row) => widthOf(row[at] ?? ''))),
  )
  const shown = new Set(columns.keys())
  const total = (): number => [...shown].reduce((sum, at) => sum + widths[at]! + gap, -gap)
  const byPriority = [...columns.keys()].toSorted((a, b) => columns[b]!.priority - columns[a]!.priority)
  for (const at of byPriority) {
    if (total() <= available || at === 0) break
    // a long name is cut before a number is dropped
    const excess = total() - available
    if (widths[0]! - excess >= narrowestName) break
    shown.delete(at)
  }
  widths[0] = Math.max(narrowestName, Math.min(widths[0]!, widths[0]! - Math.max(0, total() - available)))
  const line = (cells: readonly string[]): string =>
    [...shown]
      .map((at) =>
        at === 0
          ? padEnd(cut(cells[0] ?? '', widths[0]!), widths[0]!)
          : padStart(cells[at] ?? '', widths[at]!),
      )
      .join(' '.repeat(gap))
      .trimEnd()
  return [line(columns.map(({ title }) => title)), ...rows.map(line)]
}

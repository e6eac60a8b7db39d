import { padEnd, padStart, widthOf } from '@cloudbench/core/text'
import { nameOf } from './name.ts'

export interface Column {
  readonly title: string
  /** When there is no room for all columns, those with the highest number are dropped first. */
  readonly priority: number
}

const gap = 2
/** Names up to that width are worth more than any number but the most important. */
const usualName = 24
const mostImportant = 2

/**
 * Rows below their titles, numbers aligned right, within the given width. The first cell of a row is a name that users
 * chose. One that is too long has a line of its own above its numbers. In a table that is drawn again and again, whose columns have a
 * least width, it is cut.
 */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  available: number,
  leastColumns?: number,
): string[] {
  const widths = columns.map(({ title }, at) =>
    Math.max(widthOf(title), at && (leastColumns ?? 0), ...rows.map((row) => widthOf(row[at] ?? ''))),
  )
  const shown = new Set(columns.keys())
  const room = (): number => available - [...shown].reduce((sum, at) => sum + (at && widths[at]! + gap), 0)
  const byPriority = [...columns.keys()]
    .slice(1)
    .toSorted((a, b) => columns[b]!.priority - columns[a]!.priority)
  for (const at of byPriority) {
    const name =
      columns[at]!.priority > mostImportant ? Math.min(widths[0]!, usualName) : widthOf(columns[0]!.title)
    if (room() >= name) break
    shown.delete(at)
  }
  const nameWidth = Math.max(widthOf(columns[0]!.title), Math.min(widths[0]!, room()))
  const line = (name: string, cells: readonly string[]): string =>
    [...shown]
      .map((at) => (at === 0 ? padEnd(name, nameWidth) : padStart(cells[at] ?? '', widths[at]!)))
      .join(' '.repeat(gap))
      .trimEnd()
  const titles = columns.map(({ title }) => title)
  return [
    line(titles[0]!, titles),
    ...rows.flatMap((row) => {
      const name = row[0] ?? ''
      if (widthOf(name) <= nameWidth) return line(nameOf(name), row)
      return leastColumns !== undefined
        ? line(nameOf(cutMiddle(name, nameWidth)), row)
        : [nameOf(name), line('', row)]
    }),
  ]
}

/** What tells names apart is often their end. */
function cutMiddle(name: string, columns: number): string {
  const letters = Array.from(name)
  let [head, tail] = ['', '']
  while (letters.length > 0) {
    const isHead = widthOf(head) <= widthOf(tail)
    const letter = isHead ? letters.shift()! : letters.pop()!
    if (widthOf(head) + widthOf(tail) + widthOf(letter) >= columns) break
    if (isHead) head += letter
    else tail = letter + tail
  }
  return `${head}…${tail}`
}

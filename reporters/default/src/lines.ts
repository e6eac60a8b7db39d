import { widthOf } from '@cloudbench/core/text'
import type { Room } from './room.ts'

/** Where a sentence goes on. */
const hanging = '    '

/** Parts side by side, as many as fit on a line, each line indented. */
export function wrap(parts: readonly string[], columns: number): string[] {
  const lines: string[] = []
  for (const part of parts) {
    const last = lines.at(-1)
    if (last !== undefined && widthOf(last) + widthOf(part) + 3 <= columns)
      lines[lines.length - 1] = `${last} · ${part}`
    else lines.push(`  ${part}`)
  }
  return lines
}

/** A sentence on as many lines as it takes, broken between words. Without a terminal on one, which programs can find. */
export function fold(text: string, { columns, isTTY }: Room): string[] {
  if (!isTTY) return [text]
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && (last.trim() === '' || widthOf(last) + 1 + widthOf(word) <= columns))
      lines[lines.length - 1] = `${last} ${word}`
    else lines.push(lines.length === 0 ? word : `${hanging}${word}`)
  }
  return lines
}

import { stripVTControlCharacters } from 'node:util'

/** East Asian wide and full-width characters, and emoji, take two columns. */
const wide =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uA960-\uA97C\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF01-\uFF60\uFFE0-\uFFE6\u{16FE0}-\u{1B2FF}\u{20000}-\u{3FFFD}]|\p{Emoji_Presentation}/u
const invisible = /^[\p{Mn}\p{Me}\p{Cf}]$/u

/** Columns that a text takes on a terminal. Escape codes take none. */
export function widthOf(text: string): number {
  let width = 0
  for (const letter of stripVTControlCharacters(text))
    width += invisible.test(letter) ? 0 : wide.test(letter) ? 2 : 1
  return width
}

/** Rows that a line takes on a terminal, which breaks it where a letter has no room. */
export function rowsOf(line: string, columns: number): number {
  let [rows, used] = [1, 0]
  for (const letter of stripVTControlCharacters(line)) {
    const width = widthOf(letter)
    if (used + width > columns) {
      rows++
      used = 0
    }
    used += width
  }
  return rows
}

/** At most the given number of columns, with `…` in place of the rest. For text without escape codes. */
export function cut(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text
  let kept = ''
  for (const letter of text) {
    if (widthOf(kept + letter) >= columns) break
    kept += letter
  }
  return `${kept}…`
}

export function padEnd(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - widthOf(text)))
}

export function padStart(text: string, columns: number): string {
  return ' '.repeat(Math.max(0, columns - widthOf(text))) + text
}

import { padEnd, widthOf } from '@cloudbench/core/text'

/** Breaks a text at its spaces, into lines of at most so many columns. A word that is longer has a line of its own. */
export function wrap(text: string, columns: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line !== '' && widthOf(longer) > columns) {
      lines.push(line)
      line = word
    } else line = longer
  }
  return [...lines, line]
}

/** A text behind its label, all of its lines below each other. */
export function hang(
  label: string,
  text: string,
  { width, columns, style = (line) => line }: HangOptions,
): readonly string[] {
  return wrap(text, Math.max(20, columns - width)).map(
    (line, at) => `${at === 0 ? padEnd(label, width) : ' '.repeat(width)}${style(line)}`,
  )
}

export interface HangOptions {
  /** Columns of the label. */
  readonly width: number
  /** Of the page. */
  readonly columns: number
  readonly style?: (line: string) => string
}

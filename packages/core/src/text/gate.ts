import { randomInt } from 'node:crypto'
import { visible } from './visible.ts'

const key = Symbol.for('cloudbench.escape-code')
const shared = globalThis as { [key: symbol]: string | undefined }
/**
 * Stands before every escape code of our own, and tells it from one in a server's answer, which cannot know the number: it
 * is made up when the process starts. A terminal that gets to see it has nothing to do. All copies of this package share it.
 */
const mark = (shared[key] ??= `\u001B[${Array.from({ length: 4 }, () => randomInt(1000, 10_000)).join(';')}n`)

// eslint-disable-next-line no-control-regex
const code = /\u001B\[[\d;?]*[A-Za-z]|\r/
const escapedMark = mark.replaceAll(/[[\]]/g, String.raw`\$&`)
const marked = new RegExp(`((?:${escapedMark})+(?:${code.source}))`)

/** Colours, and on a terminal what moves the cursor by lines and erases: what a reporter needs to draw. */
// eslint-disable-next-line no-control-regex
const colors = /\u001B\[[\d;]*m/g
// eslint-disable-next-line no-control-regex
const drawing = /\u001B\[(?:[\d;]*m|\d*[A-GJK]|\?25[hl])|\r/g

/** An escape code, or text with some that a reporter draws with, so that the gate lets them through. */
export function allowed(codes: string): string {
  return codes.replaceAll(drawing, `${mark}$&`)
}

/** What a reporter writes: it may draw, as far as the stream can show it. */
export function drawn(
  text: string,
  { color, isTTY }: { readonly color: boolean; readonly isTTY: boolean },
): string {
  return isTTY ? allowed(text) : color ? text.replaceAll(colors, `${mark}$&`) : text
}

/** The one gate before a terminal: our own escape codes pass, and everything else that it would obey is made visible. */
export function gate(text: string): string {
  return text
    .split(marked)
    .map((part, at) => (at % 2 === 1 ? part.replaceAll(mark, '') : visible(part)))
    .join('')
}

/**
 * What a terminal may obey instead of showing it: control characters but line breaks and tabs, and marks that turn the
 * direction of text around.
 */
// eslint-disable-next-line no-control-regex
const commands = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]/g

/** Foreign text as something to read: an escape character is shown as `\x1b`. */
export function visible(text: string): string {
  return text.replaceAll(commands, (letter) =>
    letter > '\u00FF' ? `\\u${hex(letter, 4)}` : letter === '\r' ? String.raw`\r` : `\\x${hex(letter, 2)}`,
  )
}

/** A value as JSON that is safe to print: JSON leaves some of the commands as they are. */
export function visibleJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replaceAll(commands, (letter) => `\\u${hex(letter, 4)}`)
}

function hex(letter: string, digits: number): string {
  return letter.charCodeAt(0).toString(16).padStart(digits, '0')
}

/** An annotation, as the runner of GitHub Actions understands a line. */
export interface Read {
  readonly level: string
  readonly properties: Readonly<Record<string, string>>
  readonly message: string
}

/** Reads a line as the runner does; undefined for one that is no command. */
export function readCommand(line: string): Read | undefined {
  const [, level, list, message] = /^::(\w+)(?: ([^\n]*?))?::(.*)$/s.exec(line) ?? []
  if (level === undefined) return undefined
  const properties = Object.fromEntries(
    (list ?? '').split(',').map((pair) => {
      const at = pair.indexOf('=')
      return [pair.slice(0, at).trim(), unescaped(pair.slice(at + 1))]
    }),
  )
  return { level, properties, message: unescaped(message!) }
}

function unescaped(text: string): string {
  return text
    .replaceAll('%0D', '\r')
    .replaceAll('%0A', '\n')
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',')
    .replaceAll('%25', '%')
}

/** Sorts the keys of JSON, and of lines of JSON, so that equal data becomes equal text. Other text is unchanged. */
export function canonical(text: string): string {
  return sorted(text) ?? text.replace(/^[{[].*$/gm, (line) => sorted(line) ?? line)
}

function sorted(text: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(text, sortKeys), undefined, 1)
  } catch {
    return undefined
  }
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

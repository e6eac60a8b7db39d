import { CloudbenchError } from '../errors.ts'

/** The keys that lead to a value, from the root of the configuration. */
export type Path = readonly string[]

/** Writes a path so that `--set` reads it: `scenarios.read.flows.main.rate`, `targets["my.db"].url`. */
export function formatPath(path: Path): string {
  let text = ''
  for (const key of path)
    if (/^[^\s.[\]"'=]+$/.test(key)) text += text === '' ? key : `.${key}`
    else text += `[${JSON.stringify(key)}]`

  return text
}

/** Reads what `formatPath` writes. */
export function parsePath(text: string): string[] {
  const path: string[] = []
  const key = /(?:^|\.)([^\s.[\]"'=]+)|\[("(?:[^"\\]|\\.)*")\]|\[(\d+)\]/y
  let end = 0
  for (let match = key.exec(text); match; match = key.exec(text)) {
    path.push(match[1] ?? match[3] ?? unquoted(match[2]!, text))
    end = key.lastIndex
  }
  if (path.length === 0 || end !== text.length) throw notAPath(text)
  return path
}

function unquoted(quoted: string, text: string): string {
  try {
    return JSON.parse(quoted) as string
  } catch {
    throw notAPath(text)
  }
}

function notAPath(text: string): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_USAGE',
    what: `${JSON.stringify(text)} is not a path to a setting`,
    expected: 'keys with dots between them, such as targets.redis.url',
    next: 'run cloudbench config to see every path; write a key with a dot as targets["my.db"].url',
  })
}

import { resolve } from 'node:path'

/** A reporter as the configuration has it. */
export type WrittenReporter = string | [name: string, options: Record<string, unknown>]

/** Leaves stdout to others. */
export const fileOnly: WrittenReporter = ['json', { stdout: false }]

/**
 * Reads `--reporter name`, `name=file` or `[name, {option: value}]`. `json` alone is for a program that reads stdout,
 * so it writes there.
 */
export async function parseReporters(texts: readonly string[], cwd: string): Promise<WrittenReporter[]> {
  return await Promise.all(texts.map((text) => parseReporter(text, cwd)))
}

export function isJson(written: WrittenReporter): boolean {
  const [name] = typeof written === 'string' ? [written] : written
  return name === 'json' || name === '@cloudbench/reporter-json'
}

async function parseReporter(text: string, cwd: string): Promise<WrittenReporter> {
  if (text.trimStart().startsWith('[')) return await parseList(text)
  const [, name = text, file] = /^([^=]+)=(.+)$/s.exec(text) ?? []
  const options = {
    // a file that was typed belongs to the folder it was typed in
    ...(file !== undefined && { file: resolve(cwd, file) }),
    ...(isJson(name) && { stdout: true }),
  }
  return Object.keys(options).length === 0 ? name : [name, options]
}

async function parseList(text: string): Promise<WrittenReporter> {
  const { parseDocument } = await import('yaml')
  const document = parseDocument(text, { logLevel: 'silent' })
  const value = document.errors.length === 0 ? (document.toJS() as unknown) : undefined
  if (Array.isArray(value) && typeof value[0] === 'string' && value.length <= 2) {
    const options: unknown = value[1] ?? {}
    if (typeof options === 'object' && !Array.isArray(options))
      return [value[0], options as Record<string, unknown>]
  }
  const { CloudbenchError } = await import('@cloudbench/core')
  throw new CloudbenchError({
    code: 'CB_USAGE',
    what: '--reporter does not name a reporter',
    expected: `a name, a path, name=file, or a name with options: --reporter '[junit, {file: report.xml}]'`,
  })
}

import { CloudbenchError } from '../errors.ts'
import { yaml } from './yaml.ts'

/**
 * Reads a value from a command line or an environment variable: a number, `true`, `false`, `null`, a quoted string,
 * or a list or map in YAML's flow style. Everything else, such as `>= 500/s`, is the text itself.
 */
export function parseScalar(text: string, origin: string): unknown {
  const written = text.trim()
  const isData = /^[[{"']/.test(written) || /^(null|~|true|false)?$/i.test(written) || isNumber(written)
  if (!isData) return text
  const document = yaml().parseDocument(written, { logLevel: 'error', prettyErrors: false })
  const [problem] = [...document.errors, ...document.warnings]
  try {
    if (problem === undefined) return document.toJS() as unknown
  } catch (error) {
    throw notData(origin, error)
  }
  throw notData(origin, problem)
}

/** Writes a value so that `parseScalar` reads it. */
export function formatScalar(value: unknown): string {
  if (typeof value === 'string') {
    const isPlain = value === value.trim() && !/^[[{"']/.test(value) && !/^(null|~|true|false)?$/i.test(value)
    return isPlain && !isNumber(value) ? value : JSON.stringify(value)
  }
  return JSON.stringify(value) ?? String(value)
}

function isNumber(text: string): boolean {
  return /^[-+]?(\d[\d_]*\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) || /^0[xo][\da-f]+$/i.test(text)
}

/** Without the value, which may be a password. */
function notData(origin: string, cause: unknown): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_USAGE',
    what: `the value of ${origin} cannot be read`,
    expected: 'a number, a string, or a list or map such as [json, {file: x}]',
    next: `for a string, put quotes inside quotes: '"[::1]:6379"'`,
    cause,
  })
}

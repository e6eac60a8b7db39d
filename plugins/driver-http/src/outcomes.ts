import type { DriverContext, Outcome } from '@cloudbench/core'
import type { ExpectOptions } from './options.ts'

type BodyExpectation = NonNullable<ExpectOptions['body']>

/** Says how an answer counts. */
export interface Judge {
  /** Whether bodies have to be kept for `body`. */
  readonly needsBody: boolean
  /** The outcome of an answer whose body does not matter, or has not the status that was expected. */
  status(code: number): Outcome
  /** The outcome of an answer with its whole body. */
  body(code: number, body: Buffer): Outcome
}

/** Interns one outcome for each status code when it is first seen, and one for bodies that are not as expected. */
export function createJudge(expect: ExpectOptions, outcome: DriverContext['outcome']): Judge {
  const isExpected = statusMatcher(expect.status)
  const matches = expect.body && bodyMatcher(expect.body)
  const mismatch = matches && outcome('body mismatch', { ok: false })
  const byCode: (Outcome | undefined)[] = Array.from({ length: 1000 })
  const status = (code: number): Outcome => (byCode[code] ??= outcome(String(code), { ok: isExpected(code) }))
  return {
    needsBody: matches !== undefined,
    status,
    body: (code, body) => {
      const found = status(code)
      return found.ok && !matches!(body) ? mismatch! : found
    },
  }
}

function statusMatcher(expected: ExpectOptions['status']): (code: number) => boolean {
  const all = Array.isArray(expected) ? expected : [expected]
  return (code) =>
    all.some((one) => (typeof one === 'number' ? one === code : Number(one[0]) === Math.floor(code / 100)))
}

function bodyMatcher({ contains, equals, json }: BodyExpectation): (body: Buffer) => boolean {
  const part = contains === undefined ? undefined : Buffer.from(contains)
  const whole = equals === undefined ? undefined : Buffer.from(equals)
  const values = json && Object.entries(json).map(([path, value]) => ({ keys: path.split('.'), value }))
  return (body) =>
    (part === undefined || body.includes(part)) &&
    (whole === undefined || body.equals(whole)) &&
    (values === undefined || hasValues(body, values))
}

interface ExpectedValue {
  readonly keys: readonly string[]
  readonly value: unknown
}

function hasValues(body: Buffer, values: readonly ExpectedValue[]): boolean {
  let parsed: unknown
  try {
    parsed = JSON.parse(body.toString())
  } catch {
    return false
  }
  return values.every(({ keys, value }) => valueAt(parsed, keys) === value)
}

function valueAt(root: unknown, keys: readonly string[]): unknown {
  let value = root
  for (const key of keys) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as Record<string, unknown>)[key]
  }
  return value
}

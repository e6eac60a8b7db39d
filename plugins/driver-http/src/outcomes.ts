import type { DriverContext, Outcome } from '@cloudbench/core'
import { valueAt } from '@cloudbench/driver-kit'
import type { Judge, RequestWriter } from '@cloudbench/driver-kit/http'
import type { ExpectOptions } from './options.ts'
import { decoded } from './workloads/decoded.ts'

const exampleBytes = 280

type BodyExpectation = NonNullable<ExpectOptions['body']>

/** Interns one outcome per status code when it is first seen, and one for unexpected bodies. */
export function createOutcomes(
  expect: ExpectOptions,
  outcome: DriverContext['outcome'],
): Judge<RequestWriter> {
  const isExpected = statusMatcher(expect.status)
  const matches = expect.body && bodyMatcher(expect.body)
  const mismatch = matches && outcome('body mismatch', { ok: false })
  const byCode: (Outcome | undefined)[] = Array.from({ length: 1000 })
  return {
    keepsBodyFrom: matches ? 0 : 300,
    outcomeOf(code, sent, _writer, encoding) {
      const found = (byCode[code] ??= outcome(String(code), { ok: isExpected(code) }))
      const isChecked = matches !== undefined && found.ok
      if (!isChecked && (found.ok || found.example !== undefined)) return found
      const body = encoding === '' ? sent : (decoded(sent, encoding) ?? sent)
      const ended = isChecked && !matches(body) ? mismatch! : found
      if (!ended.ok && ended.example === undefined) ended.example = exampleOf(code, body)
      return ended
    },
  }
}

/** Status and start of an answer. */
function exampleOf(code: number, body: Buffer): string {
  const start = body.subarray(0, exampleBytes).toString().trim()
  return start === '' ? `HTTP ${code}` : `HTTP ${code}: ${start}`
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
  return (bytes) => {
    const body = withoutMark(bytes)
    return (
      (part === undefined || body.includes(part)) &&
      (whole === undefined || body.equals(whole)) &&
      (values === undefined || hasValues(body, values))
    )
  }
}

/** A byte order mark is no part of a text. */
function withoutMark(body: Buffer): Buffer {
  return body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? body.subarray(3) : body
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

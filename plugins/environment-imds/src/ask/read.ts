import type { Answer } from './client.ts'
import { doubt, quoted } from './doubt.ts'

/** The text of an answer with status 200 that has this shape; throws a doubt otherwise. `what` names it: `instance id`. */
export function textOf({ status, text }: Answer, what: string, shape: RegExp): string {
  if (status !== 200) throw doubt(`answers with status ${status} when asked for its ${what}`)
  return shaped(text, what, shape)
}

/** As `textOf`, and undefined where the service has no such thing. */
export function optionalTextOf(answer: Answer, what: string, shape: RegExp): string | undefined {
  return answer.status === 404 ? undefined : textOf(answer, what, shape)
}

/** Text of this shape; throws a doubt otherwise. */
export function shaped(text: unknown, what: string, shape: RegExp): string {
  if (typeof text === 'string' && text.length <= 256 && shape.test(text)) return text
  throw doubt(`says its ${what} is ${typeof text === 'string' ? quoted(text) : `a ${typeof text}`}`)
}

/** The object that an answer with status 200 is in JSON; throws a doubt otherwise. */
export function objectOf({ status, text }: Answer, what: string): Readonly<Record<string, unknown>> {
  if (status !== 200) throw doubt(`answers with status ${status} when asked for its ${what}`)
  return fieldsOf(parsed(text), what)
}

export function fieldsOf(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>
  throw doubt(`gives a ${what} that is no object`)
}

/** The names in a listing, one a line, without the slash that marks a folder; those of another shape are left out. */
export function listOf({ status, text }: Answer, shape: RegExp): readonly string[] | undefined {
  if (status !== 200) return undefined
  const names = text.split('\n').map((line) => line.trim().replace(/\/$/, ''))
  return names.filter((name) => shape.test(name)).slice(0, 64)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

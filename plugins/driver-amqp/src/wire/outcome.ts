import { modified, noReason, type Refusal } from '../outcomes.ts'
import { codeOf, codes } from './codes.ts'
import { isDescribed, readValue } from './values.ts'

/** A reason, as a peer gives it in a detach, an end, a close or a rejection. */
export interface Reason {
  readonly condition: string
  readonly description: string | undefined
}

/** What a broker made of a delivery. Undefined: nothing final. */
export type Verdict = 'accepted' | Refusal | undefined

const names: Readonly<Record<number, string>> = {
  [codes.rejected]: 'rejected',
  [codes.released]: 'released',
  [codes.modified]: 'modified',
}

/** Whether a delivery state is the usual one: accepted, by its number. */
export function isPlainlyAccepted(bytes: Buffer, at: number, end: number): boolean {
  return (
    end - at >= 4 &&
    bytes[at] === 0 &&
    bytes[at + 1] === 0x53 &&
    bytes[at + 2] === codes.accepted &&
    (bytes[at + 3] === 0x45 || bytes[at + 3] === 0xc0)
  )
}

/** Reads a delivery state. @param at Where it begins; nothing is there when that is the end. */
export function verdictAt(bytes: Buffer, at: number, end: number): Verdict {
  const state = at < end ? readValue(bytes, at, end) : undefined
  if (!isDescribed(state)) return undefined
  const code = codeOf(state.descriptor)
  if (code === codes.accepted) return 'accepted'
  const name = names[code]
  if (name === undefined) return undefined
  const [first, second] = Array.isArray(state.value) ? (state.value as readonly unknown[]) : []
  if (code === codes.rejected) {
    const reason = reasonOf(first)
    return { name: reason?.condition ?? name, reason: reason?.description ?? noReason }
  }
  return code === codes.modified ? modified(first === true, second === true) : { name, reason: noReason }
}

/** The error that a peer gives, decoded; undefined where it gives none. */
export function reasonOf(error: unknown): Reason | undefined {
  if (!isDescribed(error) || codeOf(error.descriptor) !== codes.error || !Array.isArray(error.value))
    return undefined
  const [condition, description] = error.value as readonly unknown[]
  if (typeof condition !== 'string') return undefined
  return { condition, description: typeof description === 'string' ? description : undefined }
}

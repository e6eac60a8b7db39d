import type { Address } from '../target.ts'
import type { Reader } from '../wire/reader.ts'
import type { Groups } from './groups.ts'
import type { Topics } from './topics.ts'

/** The rest of a request, and how to answer it. */
export interface Request {
  readonly key: number
  readonly version: number
  readonly body: Reader
  /** Without a body, there is no answer. */
  answer(body: Buffer | undefined): void
}

/** Decides when a batch is admitted, and whether it is refused. */
export type Admission = (messages: number, admitted: (isFailure: boolean) => void) => void

/** What the handlers share. */
export interface State {
  readonly topics: Topics
  readonly groups: Groups
  /** Where the broker tells clients to find it. */
  readonly address: Address
  readonly admit: Admission
  /** How many producers got an id. */
  producers: number
}

/** Takes care of requests of one kind. */
export type Handler = (request: Request, state: State) => void

import type { Reader } from '../wire/reader.ts'

/** The rest of a request, and how to answer it. */
export interface Request {
  readonly key: number
  readonly body: Reader
  /** Without a body, there is no answer. */
  answer(body: Buffer | undefined): void
}

/** Takes care of requests of one kind. */
export type Handler = (request: Request) => void

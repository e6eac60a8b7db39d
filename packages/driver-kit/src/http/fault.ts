/** Why an answer cannot be read any further: its connection is of no use any more. */
export class AnswerFault extends Error {
  /** Of the outcome. */
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/** What a server must not send. */
export function invalid(what: string): AnswerFault {
  return new AnswerFault('INVALID_RESPONSE', what)
}

/** What a server may send, and what is more than this client takes. */
export function refused(what: string): AnswerFault {
  return new AnswerFault('REFUSED_BY_CLIENT', what)
}

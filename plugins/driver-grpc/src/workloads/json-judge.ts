import type { Judge } from '@cloudbench/driver-kit/http'
import type { Outcomes } from '../outcomes.ts'
import type { JsonRequest } from '../payload/json-request.ts'
import { codeOfFailure, readJsonStream } from '../wire/json-answer.ts'
import { status } from '../wire/status.ts'

/** From this HTTP status on, the body may name a gRPC status. */
const firstFailure = 300

/** Judges answers in JSON form by the outcomes of calls. */
export function createJsonJudge(outcomes: Outcomes, answersAreStream: boolean): Judge<JsonRequest> {
  const { verifies } = outcomes
  return {
    keepsBodyFrom: verifies || answersAreStream ? 0 : firstFailure,
    outcomeOf(httpStatus, body, { turn, values }) {
      if (httpStatus >= firstFailure) return outcomes.end(codeOfFailure(httpStatus, body), 0, true, body)
      if (!answersAreStream) {
        const isAccepted = !verifies || outcomes.acceptsJson(body.toString(), turn, values)
        return outcomes.end(status.ok, 1, isAccepted, '')
      }
      const { messages, code } = readJsonStream(body)
      let isAccepted = true
      if (verifies)
        for (const message of messages) isAccepted = outcomes.acceptsJson(message, turn, values) && isAccepted
      return outcomes.end(code, messages.length, isAccepted, body)
    },
  }
}

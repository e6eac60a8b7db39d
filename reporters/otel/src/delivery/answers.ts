import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Agent, ClientRequest, IncomingMessage } from 'node:http'

/** What a collector answered. */
export interface Answer {
  readonly status: number
  readonly reason: string
  readonly contentType: string
  readonly body: Buffer
}

export interface AnswerWatch {
  /** The answer to the last request, if there was one. Forgets it. */
  take(): Answer | undefined
  close(): void
}

/** Node calls it so although it comes when the headers have been read, before the body. */
const channel = 'http.client.response.finish'
/** What a receiver rejects, and why, is short. */
const bodyLimitBytes = 64_000

/**
 * Reads along what is answered to requests of an agent: the exporters tell neither what was rejected of an export that
 * succeeded nor the status of one that they tried again.
 */
export function watchAnswers(agent: Agent): AnswerWatch {
  let answer: Answer | undefined
  const onResponse = (message: unknown): void => {
    const { request, response } = message as { request: ClientRequest; response: IncomingMessage }
    if ((request as { readonly agent?: Agent }).agent !== agent) return
    const chunks: Buffer[] = []
    let bytes = 0
    answer = undefined
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes <= bodyLimitBytes) chunks.push(chunk)
    })
    response.on('end', () => {
      const { statusCode: status = 0, statusMessage: reason = '', headers } = response
      answer = { status, reason, contentType: headers['content-type'] ?? '', body: Buffer.concat(chunks) }
    })
  }
  subscribe(channel, onResponse)
  return {
    take() {
      const last = answer
      answer = undefined
      return last
    },
    close: () => void unsubscribe(channel, onResponse),
  }
}

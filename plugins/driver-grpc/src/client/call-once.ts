import { messageOf } from '@cloudbench/core'
import type { Client, LaneOptions } from '../lanes/lane.ts'
import { status } from '../wire/status.ts'

/** Stands in for the request in calls outside the load. */
const noCall = { index: 0, random: () => 0 } as const

/** How a call made outside the load ended. */
export interface CallResult {
  readonly code: number
  readonly details: string
  readonly messages: readonly Buffer[]
}

export interface CallOnceOptions {
  readonly metadata: LaneOptions['metadata']
  readonly timeoutMs: number
}

/** Makes one call with one message and collects what comes back. Never rejects. */
export function callOnce(
  client: Client,
  method: LaneOptions['method'],
  message: Uint8Array,
  { metadata, timeoutMs }: CallOnceOptions,
): Promise<CallResult> {
  return new Promise((resolve) => {
    const messages: Buffer[] = []
    const lane = client.lane({ method, metadata, deadlineMs: timeoutMs, readsMessages: true })
    const call = lane.createCall({
      onRoom() {},
      onMessage: (_bytes, received) => void messages.push(received!),
      onEnd: (code, details) => resolve({ code, details, messages }),
      onLost: (error) => resolve({ code: status.unavailable, details: messageOf(error), messages }),
    })
    call.start(noCall, Buffer.from(message), true)
  })
}

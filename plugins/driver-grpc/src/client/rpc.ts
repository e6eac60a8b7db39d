import { Metadata, type Channel } from '@grpc/grpc-js'

/** Stands in for the request in calls outside the load. */
export const noCall = { index: 0, random: () => 0 } as const

/** How a call made outside the load ended. */
export interface RpcResult {
  readonly code: number
  readonly details: string
  readonly messages: readonly Buffer[]
}

export interface RpcOptions {
  readonly metadata: Metadata
  /** On the clock of `Date.now()`. */
  readonly deadline: number
}

/** Makes one call with one message and collects what comes back. Never rejects. */
export function callOnce(
  channel: Channel,
  path: string,
  message: Uint8Array,
  { metadata, deadline }: RpcOptions,
): Promise<RpcResult> {
  return new Promise((resolve) => {
    const messages: Buffer[] = []
    const call = channel.createCall(path, deadline, undefined, null, undefined)
    call.start(metadata, {
      onReceiveMetadata: () => {},
      onReceiveMessage: (received: Buffer) => {
        messages.push(received)
        call.startRead()
      },
      onReceiveStatus: ({ code, details }) => resolve({ code, details, messages }),
    })
    call.startRead()
    call.sendMessageWithContext({}, Buffer.from(message))
    call.halfClose()
  })
}

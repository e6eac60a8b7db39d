import type { DriverContext } from '@cloudbench/core'
import { connectionClosed, errorWithCode, sharedTls } from '@cloudbench/driver-kit'
import type { Channel } from '@grpc/grpc-js'
import { connectError, healthRefusal, silent } from '../connect-error.ts'
import type { GrpcOptions } from '../options.ts'
import { createMetadataWriter } from '../payload/metadata.ts'
import type { GrpcTarget } from '../target.ts'
import { ChannelSockets } from './channel-sockets.ts'
import { createChannel, reach } from './channel.ts'
import { preflight } from './preflight.ts'
import { callOnce, noCall } from './rpc.ts'

/** A channel to a server that takes calls. */
export interface Client {
  readonly channel: Channel
  readonly target: GrpcTarget
  close(): Promise<void>
}

/**
 * Opens a channel and makes sure that a gRPC server answers on it by asking for its health. Any answer, even from a
 * server without the health service, shows that it speaks gRPC and takes calls from us.
 * @throws CloudbenchError that says why not.
 */
export async function openClient(context: DriverContext<GrpcOptions>, target: GrpcTarget): Promise<Client> {
  const { options, signal } = context
  const tls = target.isTls ? await sharedTls(context) : undefined
  signal.throwIfAborted()
  const sockets = new ChannelSockets(context.sockets)
  const channel = createChannel(target, options, { tls, sockets })
  const close = (): Promise<void> => {
    channel.close()
    return sockets.end()
  }
  try {
    const end = await reach(channel, options.connectTimeoutMs, signal)
    if (end === 'late')
      throw sockets.isEmpty
        ? connectError(errorWithCode('ETIMEDOUT', 'no connection in time'), target)
        : silent(target)
    if (end === 'failed') {
      // grpc-js says why in one sentence, without a code
      await preflight(target, { tls, sockets, timeoutMs: options.connectTimeoutMs })
      throw connectError(connectionClosed('it ended the first connection, and took a second one'), target)
    }
    const health = await callOnce(channel, '/grpc.health.v1.Health/Check', Buffer.alloc(0), {
      metadata: createMetadataWriter(options.metadata)(noCall),
      deadline: Date.now() + options.connectTimeoutMs,
    })
    signal.throwIfAborted()
    const refusal = healthRefusal(health, target)
    if (refusal) throw refusal
    return { channel, target, close }
  } catch (error) {
    channel.close()
    sockets.cut()
    throw error
  }
}

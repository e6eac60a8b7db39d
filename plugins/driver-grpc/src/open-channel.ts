import type { TaskContext } from '@cloudbench/core'
import type { Channel } from '@grpc/grpc-js'
import { createChannel, isReady } from './channel.ts'
import { healthRefusal } from './connect-error.ts'
import { diagnose } from './diagnose.ts'
import { createMetadataWriter } from './metadata.ts'
import type { GrpcOptions } from './options.ts'
import { callOnce, noCall } from './rpc.ts'
import type { GrpcTarget } from './target.ts'
import { sharedTls } from './tls.ts'

/**
 * Opens a channel and sees that a gRPC server answers on it, by asking for its health: whatever it answers, one
 * without the health service included, it speaks gRPC and takes calls from us.
 * @throws CloudbenchError that says why not.
 */
export async function openChannel(context: TaskContext<GrpcOptions>, target: GrpcTarget): Promise<Channel> {
  const { options, signal } = context
  const tls = target.isTls ? await sharedTls(context) : undefined
  signal.throwIfAborted()
  const channel = createChannel(target, options, tls)
  try {
    if (!(await isReady(channel, options.connectTimeoutMs, signal)))
      throw await diagnose(target, options, tls)
    const health = await callOnce(channel, '/grpc.health.v1.Health/Check', Buffer.alloc(0), {
      metadata: createMetadataWriter(options.metadata)(noCall),
      deadline: Date.now() + options.connectTimeoutMs,
    })
    signal.throwIfAborted()
    const refusal = healthRefusal(health, target)
    if (refusal) throw refusal
    return channel
  } catch (error) {
    channel.close()
    throw error
  }
}

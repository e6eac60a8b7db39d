import type { Shareable, TaskContext } from '@cloudbench/core'
import { sharedTls } from '@cloudbench/driver-kit'
import type { Channel } from '@grpc/grpc-js'
import { healthRefusal, notHttp2 } from '../connect-error.ts'
import type { GrpcOptions } from '../options.ts'
import { createMetadataWriter } from '../payload/metadata.ts'
import type { GrpcTarget } from '../target.ts'
import { createChannel, isReady } from './channel.ts'
import { preflight } from './preflight.ts'
import { callOnce, noCall } from './rpc.ts'

/** The result of the preflight, shared by all connections of a worker until one fails to open. */
interface Look extends Shareable {
  broken: boolean
}

/**
 * Opens a channel and makes sure that a gRPC server answers on it by asking for its health. Any answer, even from a
 * server without the health service, shows that it speaks gRPC and takes calls from us.
 * @throws CloudbenchError that says why not.
 */
export async function openClient(context: TaskContext<GrpcOptions>, target: GrpcTarget): Promise<Channel> {
  const { options, signal, share } = context
  const tls = target.isTls ? await sharedTls(context) : undefined
  signal.throwIfAborted()
  const look = await share<Look>(`grpc preflight of ${target.authority}`, async () => {
    await preflight(target, tls, options.connectTimeoutMs)
    return { broken: false, close: () => {} }
  })
  const channel = createChannel(target, options, tls)
  try {
    if (!(await isReady(channel, options.connectTimeoutMs, signal))) {
      look.broken = true
      await preflight(target, tls, options.connectTimeoutMs)
      throw notHttp2(target)
    }
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

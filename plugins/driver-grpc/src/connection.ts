import type { Connection, DriverContext } from '@cloudbench/core'
import type { Channel } from '@grpc/grpc-js'
import { createChannel, isReady } from './channel.ts'
import { healthRefusal } from './connect-error.ts'
import { diagnose } from './diagnose.ts'
import { UnaryExchange, type Exchange, type ExchangeOwner } from './exchange.ts'
import { createVerifier } from './expectation.ts'
import { createGrpcLane } from './grpc-lane.ts'
import { createJudge } from './judge.ts'
import { sharedLedger } from './ledger.ts'
import { createMetadataWriter } from './metadata.ts'
import type { GrpcOptions } from './options.ts'
import { planMessages } from './plan.ts'
import { callOnce } from './rpc.ts'
import { findMethod } from './schema.ts'
import { parseTarget, type GrpcTarget } from './target.ts'
import { sharedTls } from './tls.ts'

/** Opens one HTTP/2 connection that carries calls of a method with one message there and one back. */
export async function connectUnary(context: DriverContext<GrpcOptions>): Promise<Connection> {
  const { options } = context
  const target = parseTarget(context.target)
  const channel = await openChannel(context, target)
  try {
    const method = await findMethod(context, 'GetBook', async () => channel)
    const [sendable] = planMessages(options, method)
    const verifier = createVerifier(options.expect, method.output, sendable!.template)
    const reopened = context.counter('connections reopened')
    const free: Exchange[] = []
    let dead: Error | undefined
    const owner: ExchangeOwner = {
      lane: createGrpcLane({
        channel,
        path: method.path,
        deadlineMs: options.deadline,
        writeMetadata: createMetadataWriter(options.metadata),
        onReopen: () => reopened.add(1),
      }),
      judge: createJudge(options.expect, context.outcome, verifier, await sharedLedger(context)),
      bytes: context.bytes,
      answered: (exchange) => void free.push(exchange),
      lost() {
        dead ??= Object.assign(new Error('the connection was lost'), { code: 'CONNECTION_CLOSED' })
      },
    }
    return {
      streams: options.streams,
      issue(slot) {
        if (dead) slot.fail(dead)
        else (free.pop() ?? new UnaryExchange(owner, sendable!)).issue(slot)
      },
      close: () => owner.lane.close(),
    }
  } catch (error) {
    channel.close()
    throw error
  }
}

/** Opens a channel and sees that a gRPC server answers on it. */
async function openChannel(context: DriverContext<GrpcOptions>, target: GrpcTarget): Promise<Channel> {
  const { options, signal } = context
  const tls = target.isTls ? await sharedTls(context) : undefined
  signal.throwIfAborted()
  const channel = createChannel(target, options, tls)
  try {
    if (!(await isReady(channel, options.connectTimeoutMs, signal)))
      throw await diagnose(target, options, tls)
    const health = await callOnce(channel, '/grpc.health.v1.Health/Check', Buffer.alloc(0), {
      metadata: createMetadataWriter(options.metadata)({ index: 0, random: () => 0, traceparent: undefined }),
      deadline: Date.now() + options.connectTimeoutMs,
    })
    const refusal = healthRefusal(health, target)
    if (refusal) throw refusal
    return channel
  } catch (error) {
    channel.close()
    throw error
  }
}

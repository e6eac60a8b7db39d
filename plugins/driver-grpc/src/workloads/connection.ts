import type { Connection, DriverContext } from '@cloudbench/core'
import { UnaryExchange, type Exchange, type ExchangeOwner } from './exchange.ts'
import { createVerifier } from './verifier.ts'
import { createGrpcLane } from '../client/grpc-lane.ts'
import { createJudge } from '../outcomes.ts'
import { sharedLedger } from '../audit/ledger.ts'
import { createMetadataWriter } from '../payload/metadata.ts'
import { assertKind } from './method-kind.ts'
import { openChannel } from '../client/open.ts'
import type { GrpcOptions, StreamOptions } from '../options.ts'
import { planMessages } from '../payload/sendable.ts'
import { findMethod, type Method } from '../client/method.ts'
import { StreamExchange } from './stream-exchange.ts'
import { parseTarget } from '../target.ts'

/** Opens one HTTP/2 connection that carries calls with one message there and one back. */
export function connectUnary(context: DriverContext<GrpcOptions>): Promise<Connection> {
  return open(context, (owner) => () => new UnaryExchange(owner))
}

/** Opens one HTTP/2 connection that carries calls with a stream there, or back, or both. */
export function connectStream(context: DriverContext<StreamOptions>): Promise<Connection> {
  const { lockstep, messages } = context.options
  const sent = context.counter('messages sent')
  const received = context.counter('messages received')
  return open(context, (shared, { kind }) => {
    const owner = {
      ...shared,
      messages: kind === 'server_streaming' ? 1 : messages,
      lockstep: lockstep && kind === 'bidi_streaming',
      answersAreStream: kind !== 'client_streaming',
      answersInTurns: kind === 'bidi_streaming',
      sent,
      received,
    }
    return () => new StreamExchange(owner)
  })
}

async function open<Options extends GrpcOptions>(
  context: DriverContext<Options>,
  exchanges: (owner: ExchangeOwner, method: Method) => () => Exchange,
): Promise<Connection> {
  const { options } = context
  const target = parseTarget(context.target)
  const channel = await openChannel(context, target)
  try {
    const method = await findMethod(context, async () => channel)
    assertKind(method, context.workload)
    const sendables = planMessages(options, method)
    const verifiers = sendables.map(({ template }) => createVerifier(options.expect, method.output, template))
    const judge = createJudge(options.expect, context.outcome, verifiers, await sharedLedger(context))
    const reopened = context.counter('connections reopened')
    const lane = createGrpcLane({
      channel,
      path: method.path,
      deadlineMs: options.deadline,
      writeMetadata: createMetadataWriter(options.metadata),
      onReopen: () => reopened.add(1),
    })
    const free: Exchange[] = []
    let dead: Error | undefined
    const createExchange = exchanges(
      {
        lane,
        judge,
        bytes: context.bytes,
        sendables,
        answered: (exchange) => void free.push(exchange),
        lost() {
          dead ??= Object.assign(new Error('the connection was lost'), { code: 'CONNECTION_CLOSED' })
        },
      },
      method,
    )
    return {
      streams: options.streams,
      issue(slot) {
        if (dead) slot.fail(dead)
        else (free.pop() ?? createExchange()).issue(slot)
      },
      close() {
        dead ??= Object.assign(new Error('the connection was closed'), { code: 'CONNECTION_CLOSED' })
        lane.close()
      },
    }
  } catch (error) {
    channel.close()
    throw error
  }
}

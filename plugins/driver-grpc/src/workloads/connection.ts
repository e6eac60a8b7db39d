import type { Connection, DriverContext } from '@cloudbench/core'
import { connectionClosed } from '@cloudbench/driver-kit'
import { sharedLedger } from '../audit/ledger.ts'
import { createGrpcLane } from '../client/grpc-lane.ts'
import { findMethod } from '../client/method.ts'
import { openClient } from '../client/open.ts'
import type { GrpcOptions } from '../options.ts'
import { createOutcomes } from '../outcomes.ts'
import { createMetadataWriter } from '../payload/metadata.ts'
import { compileSendables } from '../payload/sendable.ts'
import { parseTarget } from '../target.ts'
import type { Method } from '../wire/method.ts'
import type { Exchange, ExchangeOwner } from './exchange.ts'
import { assertKind } from './method-kind.ts'
import { createVerifier } from './verifier.ts'

/** Opens one HTTP/2 connection that carries calls of one method. */
export async function connect<Options extends GrpcOptions>(
  context: DriverContext<Options>,
  exchanges: (owner: ExchangeOwner, method: Method) => () => Exchange,
): Promise<Connection> {
  const { options } = context
  const target = parseTarget(context.target)
  const channel = await openClient(context, target)
  try {
    const method = await findMethod(context, async () => channel)
    assertKind(method, context.workload)
    const sendables = compileSendables(options, method)
    const verifiers = sendables.map(({ template }) => createVerifier(options.expect, method, template))
    const outcomes = createOutcomes(options.expect, context.outcome, verifiers, await sharedLedger(context))
    const reopened = context.counter('connections reopened')
    const lane = createGrpcLane({
      channel,
      path: method.path,
      deadlineMs: options.deadline,
      writeMetadata: createMetadataWriter(options.metadata),
      onReopen: () => reopened.add(1),
      onIdleLoss: () => context.lost(),
    })
    const free: Exchange[] = []
    let dead: Error | undefined
    const createExchange = exchanges(
      {
        lane,
        outcomes,
        bytes: context.bytes,
        sendables,
        answered: (exchange) => void free.push(exchange),
        lost() {
          dead ??= connectionClosed('the connection was lost')
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
        dead ??= connectionClosed()
        lane.close()
      },
    }
  } catch (error) {
    channel.close()
    throw error
  }
}

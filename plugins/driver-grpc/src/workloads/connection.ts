import type { Connection, DriverContext } from '@cloudbench/core'
import { connectionClosed } from '@cloudbench/driver-kit'
import { sharedLedger } from '../audit/ledger.ts'
import { findMethod } from '../client/method.ts'
import { openClient } from '../client/open.ts'
import type { GrpcOptions } from '../options.ts'
import { createOutcomes } from '../outcomes.ts'
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
  const client = await openClient(context, target)
  try {
    const method = await findMethod(context, async () => client)
    assertKind(method, context.workload)
    const sendables = compileSendables(options, method)
    const verifiers = sendables.map(({ template }) => createVerifier(options.expect, method, template))
    const outcomes = createOutcomes(options.expect, context.outcome, verifiers, await sharedLedger(context))
    const lane = client.lane({
      method,
      metadata: options.metadata,
      trace: context.trace,
      deadlineMs: options.deadline,
      readsMessages: outcomes.verifies,
    })
    const free: Exchange[] = []
    let dead: Error | undefined
    client.onLost = (error) => {
      // a client library opens another one by itself where it is asked to
      if (options.client === 'wire') dead ??= error
      context.lost()
    }
    const createExchange = exchanges(
      {
        lane,
        outcomes,
        bytes: context.bytes,
        sendables,
        answered: (exchange) => void free.push(exchange),
        lost: (error) => void (dead ??= error),
      },
      method,
    )
    return {
      streams: options.streams,
      reportsSockets: true,
      issue(slot) {
        if (dead) slot.unsent(dead)
        else (free.pop() ?? createExchange()).issue(slot)
      },
      close() {
        dead ??= connectionClosed()
        return client.close()
      },
    }
  } catch (error) {
    await client.close()
    throw error
  }
}

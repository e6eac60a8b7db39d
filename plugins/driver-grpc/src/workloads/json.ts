import { setImmediate as turn } from 'node:timers/promises'
import { defineWorkload, type Connection, type DriverContext, type Workload } from '@cloudbench/core'
import type { Channel } from '@grpc/grpc-js'
import { Client } from 'undici'
import { connectError } from '../connect-error.ts'
import { createVerifier } from './verifier.ts'
import { toFailure } from '../client/failure.ts'
import { JsonExchange, type JsonExchangeOwner } from './json-exchange.ts'
import { createJsonOpener } from '../client/json-opener.ts'
import { createJsonRequest } from '../payload/json-request.ts'
import { createOutcomes } from '../outcomes.ts'
import { audit } from '../audit/audit.ts'
import { sharedLedger } from '../audit/ledger.ts'
import { assertKind } from './method-kind.ts'
import { openClient } from '../client/open.ts'
import { jsonOptions, type JsonOptions } from '../options.ts'
import { compileSendables } from '../payload/sendable.ts'
import { findMethod } from '../client/method.ts'
import type { Method } from '../wire/method.ts'
import { parseTarget, serverNameOf, type GrpcTarget } from '../target.ts'
import { sharedTls } from '../client/tls.ts'
import { transcode } from '../payload/transcode.ts'

/** Idle connections are the server's to close. */
const keepAliveTimeout = 600_000

/** How much later than the server's own limit a request is given up here. */
const graceMs = 1_000

export const json: Workload<JsonOptions> = defineWorkload({
  description: 'The same calls as HTTP/JSON, by their google.api.http annotations',
  options: jsonOptions,
  connect: connectJson,
  audit,
})

/** Opens one HTTP/1.1 connection that carries calls in the JSON form that their annotations give them. */
async function connectJson(context: DriverContext<JsonOptions>): Promise<Connection> {
  const { options, bytes } = context
  const target = parseTarget(options.jsonUrl ?? context.target)
  const servername = serverNameOf(target, options.tls)
  const method = await findJsonMethod(context)
  const sendables = compileSendables(options, method).map(({ template }) => ({
    template,
    http: transcode(method, template),
  }))
  const verifiers = sendables.map(({ template, http }) =>
    createVerifier(options.expect, method.output, template, http.responseBody?.jsonName),
  )
  const reopened = context.counter('connections reopened')
  const opener = createJsonOpener({
    target,
    grpc: options,
    servername,
    tls: target.isTls ? await sharedTls(context) : undefined,
    onReopen: () => reopened.add(1),
  })
  try {
    await opener.openFirst(context.signal)
  } catch (error) {
    throw connectError(error, target)
  }
  const client = new Client(originOf(target), {
    headersTimeout: options.deadline === undefined ? 0 : options.deadline + graceMs,
    bodyTimeout: 0,
    maxResponseSize: options.maxMessageBytes,
    keepAliveTimeout,
    pipelining: options.streams,
    connect: opener.connect,
  })
  const free: JsonExchange[] = []
  const owner: JsonExchangeOwner = {
    outcomes: createOutcomes(options.expect, context.outcome, verifiers, await sharedLedger(context)),
    bytes,
    answersAreStream: method.kind === 'server_streaming',
    answered(exchange) {
      opener.answered()
      free.push(exchange)
    },
    failed(error) {
      opener.stop()
      return toFailure(error)
    },
  }
  const { basePath } = target
  return {
    streams: options.streams,
    issue(slot) {
      const exchange =
        free.pop() ??
        new JsonExchange(
          owner,
          createJsonRequest({
            options,
            sendables,
            basePath,
            servername: target.isTls ? servername : undefined,
          }),
        )
      exchange.slot = slot
      const parts = exchange.request.write(slot)
      if (parts.body !== null) bytes.sent += parts.body.length
      client.dispatch(parts, exchange)
    },
    async close() {
      opener.stop()
      // the host may close from within a failed request, while undici is still at work on its queue
      await turn()
      await client.destroy()
    },
  }
}

/** The method, with a gRPC connection to the target only where it has to be asked for by reflection. */
async function findJsonMethod(context: DriverContext<JsonOptions>): Promise<Method> {
  let channel: Channel | undefined
  try {
    const method = await findMethod(
      context,
      async () => (channel = await openClient(context, parseTarget(context.target))),
    )
    assertKind(method, context.workload)
    return method
  } finally {
    channel?.close()
  }
}

function originOf({ isTls, authority }: GrpcTarget): string {
  return `${isTls ? 'https' : 'http'}://${authority}`
}

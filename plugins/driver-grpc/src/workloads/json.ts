import { defineWorkload, type Connection, type DriverContext, type Workload } from '@cloudbench/core'
import { openHttpConnection } from '@cloudbench/driver-kit/http'
import { audit } from '../audit/audit.ts'
import { sharedLedger } from '../audit/ledger.ts'
import { findMethod } from '../client/method.ts'
import { openClient } from '../client/open.ts'
import { connectError } from '../connect-error.ts'
import type { Client } from '../lanes/lane.ts'
import { jsonOptions, type JsonOptions } from '../options.ts'
import { createOutcomes } from '../outcomes.ts'
import { createJsonRequest } from '../payload/json-request.ts'
import { compileSendables } from '../payload/sendable.ts'
import { transcode } from '../payload/transcode.ts'
import { parseTarget } from '../target.ts'
import type { Method } from '../wire/method.ts'
import { createJsonJudge } from './json-judge.ts'
import { assertKind } from './method-kind.ts'
import { createVerifier } from './verifier.ts'

export const json: Workload<JsonOptions> = defineWorkload({
  description: 'The same calls as HTTP/JSON, by their google.api.http annotations',
  options: jsonOptions,
  connect: connectJson,
  audit,
})

/** How long after the deadline of the server the driver gives up on a request. */
const graceMs = 1_000

/** Names for what the limits of this workload end. */
const limitNames = { timeout: 'DEADLINE_EXCEEDED', size: 'RESOURCE_EXHAUSTED' }

/** Opens one HTTP/1.1 connection that carries calls in the JSON form of their annotations. */
async function connectJson(context: DriverContext<JsonOptions>): Promise<Connection> {
  const { options } = context
  const target = parseTarget(options.jsonUrl ?? context.target)
  const method = await findJsonMethod(context)
  const sendables = compileSendables(options, method).map(({ template }) => ({
    template,
    http: transcode(method, template),
  }))
  const verifiers = sendables.map(({ template, http }) =>
    createVerifier(options.expect, method, template, http.responseBody?.jsonName),
  )
  const outcomes = createOutcomes(options.expect, context.outcome, verifiers, await sharedLedger(context))
  const { isTls, authority, basePath, socketPath } = target
  return openHttpConnection(context, {
    origin: `${isTls ? 'https' : 'http'}://${authority}`,
    socketPath,
    streams: options.streams,
    ...(options.deadline !== undefined && { headTimeoutMs: options.deadline + graceMs }),
    maxResponseBytes: options.maxMessageBytes,
    judge: createJsonJudge(outcomes, method.kind === 'server_streaming'),
    limitNames,
    createWriter: () => createJsonRequest({ options, sendables, basePath }),
    connectError: (error) => connectError(error, target),
  })
}

/** Finds the method, with a gRPC connection to the target only where that takes reflection. */
async function findJsonMethod(context: DriverContext<JsonOptions>): Promise<Method> {
  let client: Client | undefined
  try {
    const method = await findMethod(
      context,
      async () => (client = await openClient(context, parseTarget(context.target))),
    )
    assertKind(method, context.workload)
    return method
  } finally {
    await client?.close()
  }
}

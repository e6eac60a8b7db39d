import type { DriverContext } from '@cloudbench/core'
import { sharedTls } from '@cloudbench/driver-kit'
import { healthRefusal } from '../connect-error.ts'
import type { Client } from '../lanes/lane.ts'
import { openWireClient } from '../lanes/wire/client.ts'
import type { GrpcOptions } from '../options.ts'
import type { GrpcTarget } from '../target.ts'
import { callOnce } from './call-once.ts'

const health = { path: '/grpc.health.v1.Health/Check', kind: 'unary' } as const

/**
 * Opens a connection and makes sure that a gRPC server answers on it by asking for its health. Any answer, even from a
 * server without the health service, shows that it speaks gRPC and takes calls from us.
 * @throws CloudbenchError that says why not.
 */
export async function openClient(context: DriverContext<GrpcOptions>, target: GrpcTarget): Promise<Client> {
  const { options, signal } = context
  const tls = target.isTls ? await sharedTls(context) : undefined
  const open =
    options.client === 'grpc-js'
      ? (await import('../lanes/grpc-js/client.ts')).openGrpcJsClient
      : openWireClient
  const client = await open(context, target, tls)
  try {
    const answer = await callOnce(client, health, Buffer.alloc(0), {
      metadata: options.metadata,
      timeoutMs: options.connectTimeoutMs,
    })
    signal.throwIfAborted()
    const refusal = healthRefusal(answer, target)
    if (refusal) throw refusal
    return client
  } catch (error) {
    await client.close()
    throw error
  }
}

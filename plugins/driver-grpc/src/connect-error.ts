import { CloudbenchError } from '@cloudbench/core'
import { connectRefusal, type Explanation } from '@cloudbench/driver-kit'
import { explainStatus, saidOf, type Reply } from './error-replies.ts'
import type { GrpcTarget } from './target.ts'
import { status } from './wire/status.ts'

/** Explains why a target cannot be reached, and what to do about it. */
export function connectError(error: unknown, { hostname, shown, isTls }: GrpcTarget): CloudbenchError {
  const server = `a gRPC server${isTls ? ' with TLS' : ''} on ${shown}`
  const network = { where: shown, hostname, server, plainScheme: 'grpc://' }
  return connectRefusal(error, network, () => undefined)
}

/** For a server that accepts connections but does not speak HTTP/2. */
export function notHttp2({ shown, isTls }: GrpcTarget): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_CONNECT',
    what: `${shown} accepts connections but does not speak HTTP/2 ${isTls ? 'over TLS' : 'in the clear'}`,
    expected: `a gRPC server${isTls ? ' with TLS' : ''} on ${shown}`,
    next: isTls
      ? "check the port; without TLS, use grpc:// in the target's url"
      : "check the port; with TLS, use grpcs:// in the target's url",
  })
}

/** For a server that accepts connections and never answers. */
export function silent(target: GrpcTarget): CloudbenchError {
  return healthRefusal({ code: status.deadlineExceeded, details: '' }, target)!
}

/** Explains the answer to a health check; undefined when the server takes calls. */
export function healthRefusal(reply: Reply, target: GrpcTarget): CloudbenchError | undefined {
  const explanation = explainStatus(reply, target)
  return explanation && refusalOf(explanation)
}

/** Explains why a server's reflection cannot be used. */
export function reflectionRefusal(reply: Reply, target: GrpcTarget): CloudbenchError {
  return refusalOf(
    explainStatus(reply, target) ?? [
      `the server's reflection answers ${saidOf(reply)}`,
      'a description of its services',
      'set the option proto to the .proto file of the service',
    ],
  )
}

function refusalOf([what, expected, next]: Explanation): CloudbenchError {
  return new CloudbenchError({ code: 'CB_CONNECT', what, expected, next })
}

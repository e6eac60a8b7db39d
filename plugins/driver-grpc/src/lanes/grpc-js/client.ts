import type { DriverContext } from '@cloudbench/core'
import { connectionClosed, errorWithCode, type ConnectTls } from '@cloudbench/driver-kit'
import { connectivityState as State } from '@grpc/grpc-js'
import { connectError, silent } from '../../connect-error.ts'
import type { GrpcOptions } from '../../options.ts'
import type { GrpcTarget } from '../../target.ts'
import type { Client } from '../lane.ts'
import { ChannelSockets } from './channel-sockets.ts'
import { createMetadataWriter } from './metadata.ts'
import { preflight } from './preflight.ts'
import { StubCall, type Line } from './stub-call.ts'
import { createStub, reach, watchChannel } from './stub.ts'

/**
 * Opens a channel of grpc-js, whose calls go by stub.
 * @throws CloudbenchError that says why not.
 */
export async function openGrpcJsClient(
  { options, sockets: count, signal }: Pick<DriverContext<GrpcOptions>, 'options' | 'sockets' | 'signal'>,
  target: GrpcTarget,
  tls: ConnectTls | undefined,
): Promise<Client> {
  signal.throwIfAborted()
  const sockets = new ChannelSockets(count)
  const stub = createStub(target, options, { tls, sockets })
  const channel = stub.getChannel()
  try {
    const end = await reach(channel, options.connectTimeoutMs, signal)
    if (end === 'late')
      throw sockets.isEmpty
        ? connectError(errorWithCode('ETIMEDOUT', 'no connection in time'), target)
        : silent(target)
    if (end === 'failed') {
      // grpc-js says why in one sentence, without a code
      await preflight(target, { tls, sockets, timeoutMs: options.connectTimeoutMs })
      throw connectError(connectionClosed('it ended the first connection, and took a second one'), target)
    }
  } catch (error) {
    stub.close()
    sockets.cut()
    throw error
  }
  const calls: StubCall[] = []
  const line: Line = { stub, losses: 0, isGone: false, inFlight: 0, isClosed: false, onIdleLoss: loseIdle }
  const client: Client = {
    target,
    onLost: undefined,
    lane({ method, metadata, deadlineMs }) {
      return {
        createCall(listener) {
          const call = new StubCall(line, {
            method,
            deadlineMs,
            writeMetadata: createMetadataWriter(metadata),
            listener,
          })
          calls.push(call)
          return call
        },
      }
    },
    close() {
      line.isClosed = true
      for (const call of calls) call.cancel()
      stub.close()
      return sockets.end()
    },
  }

  function loseIdle(): void {
    client.onLost?.(connectionClosed('the connection was lost'))
  }

  const noteState = (state: State): void => {
    if (line.isClosed) return
    line.isGone = state !== State.READY
    if (!line.isGone) return
    line.losses++
    if (line.inFlight === 0) loseIdle()
  }
  // it may have ended since it was opened
  noteState(channel.getConnectivityState(false))
  watchChannel(channel, noteState)
  return client
}

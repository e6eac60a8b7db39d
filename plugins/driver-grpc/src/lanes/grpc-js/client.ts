import type { DriverContext } from '@cloudbench/core'
import { connectionClosed, errorWithCode, type ConnectTls } from '@cloudbench/driver-kit'
import { connectivityState as State, type Client as Stub } from '@grpc/grpc-js'
import { connectError, silent } from '../../connect-error.ts'
import type { GrpcOptions } from '../../options.ts'
import type { GrpcTarget } from '../../target.ts'
import type { Client, Lane, LaneOptions } from '../lane.ts'
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
  try {
    const end = await reach(stub.getChannel(), options.connectTimeoutMs, signal)
    if (end === 'late')
      throw sockets.isEmpty
        ? connectError(errorWithCode('ETIMEDOUT', 'no connection in time'), target)
        : silent(target)
    if (end === 'failed') {
      // grpc-js says why in one sentence, without a code
      await preflight(target, { tls, sockets, timeoutMs: options.connectTimeoutMs })
      throw connectError(connectionClosed('it ended the first connection, and took a second one'), target)
    }
    return new GrpcJsClient(stub, sockets, target)
  } catch (error) {
    stub.close()
    sockets.cut()
    throw error
  }
}

class GrpcJsClient implements Client {
  readonly target: GrpcTarget
  onLost: ((error: Error) => void) | undefined
  readonly #sockets: ChannelSockets
  readonly #calls: StubCall[] = []
  readonly #line: Line

  constructor(stub: Stub, sockets: ChannelSockets, target: GrpcTarget) {
    this.target = target
    this.#sockets = sockets
    const onIdleLoss = (): void => this.onLost?.(connectionClosed('the connection was lost'))
    this.#line = { stub, losses: 0, isGone: false, inFlight: 0, isClosed: false, onIdleLoss }
    const channel = stub.getChannel()
    // it may have ended since it was opened
    this.#note(channel.getConnectivityState(false))
    watchChannel(channel, (state) => this.#note(state))
  }

  lane({ method, metadata, trace, deadlineMs }: LaneOptions): Lane {
    return {
      createCall: (listener) => {
        const writeMetadata = createMetadataWriter(metadata, trace)
        const call = new StubCall(this.#line, { method, deadlineMs, writeMetadata, listener })
        this.#calls.push(call)
        return call
      },
    }
  }

  close(): Promise<void> {
    this.#line.isClosed = true
    for (const call of this.#calls) call.cancel()
    this.#line.stub.close()
    return this.#sockets.end()
  }

  #note(state: State): void {
    const line = this.#line
    if (line.isClosed) return
    line.isGone = state !== State.READY
    if (!line.isGone) return
    line.losses++
    if (line.inFlight === 0) line.onIdleLoss()
  }
}

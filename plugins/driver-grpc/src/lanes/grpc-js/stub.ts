import { Client as Stub, compressionAlgorithms, connectivityState as State } from '@grpc/grpc-js'
import type { GrpcOptions } from '../../options.ts'
import type { GrpcTarget } from '../../target.ts'
import { credentialsFor, type ChannelUse } from './channel-credentials.ts'

/** What the calls of a stub go out on. */
export type StubChannel = ReturnType<Stub['getChannel']>

/**
 * Makes a stub as applications do, with the defaults of grpc-js but for what a measurement demands: connections of its
 * own, to the target itself, and no call that is tried again behind its back.
 */
export function createStub(target: GrpcTarget, options: GrpcOptions, use: ChannelUse): Stub {
  return new Stub(addressOf(target), credentialsFor(target.hostname, use), {
    'grpc.use_local_subchannel_pool': 1,
    'grpc.enable_retries': 0,
    'grpc.enable_http_proxy': 0,
    'grpc.max_receive_message_length': options.maxMessageBytes,
    'grpc.default_authority': options.authority ?? target.authority,
    ...(options.compression === 'gzip' && {
      'grpc.default_compression_algorithm': compressionAlgorithms.gzip,
    }),
  })
}

function addressOf({ hostname, port, socketPath }: GrpcTarget): string {
  if (socketPath !== undefined) return `unix:${socketPath}`
  return hostname.includes(':') ? `ipv6:[${hostname}]:${port}` : `dns:${hostname}:${port}`
}

/** Waits until a channel is connected, has failed to connect, or time is up. */
export async function reach(
  channel: StubChannel,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<'ready' | 'failed' | 'late'> {
  const deadline = Date.now() + timeoutMs
  let state = channel.getConnectivityState(true)
  while (state !== State.READY) {
    signal.throwIfAborted()
    if (state === State.TRANSIENT_FAILURE || state === State.SHUTDOWN) return 'failed'
    if (Date.now() >= deadline) return 'late'
    await changeOf(channel, state, deadline)
    state = channel.getConnectivityState(true)
  }
  signal.throwIfAborted()
  return 'ready'
}

function changeOf(channel: StubChannel, from: State, deadline: number): Promise<void> {
  return new Promise((resolve) => {
    // called with an error when time is up, which the state shows as well
    channel.watchConnectivityState(from, deadline, () => resolve())
  })
}

/** Calls back on every change of the connection until it is closed. */
export function watchChannel(channel: StubChannel, onChange: (state: State) => void): void {
  const watch = (): void => {
    const state = channel.getConnectivityState(false)
    if (state === State.SHUTDOWN) return
    channel.watchConnectivityState(state, Infinity, () => {
      onChange(channel.getConnectivityState(false))
      watch()
    })
  }
  watch()
}

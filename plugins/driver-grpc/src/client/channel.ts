import {
  Channel,
  compressionAlgorithms,
  connectivityState as State,
  type ChannelOptions,
} from '@grpc/grpc-js'
import type { GrpcOptions } from '../options.ts'
import type { GrpcTarget } from '../target.ts'
import { credentialsFor, type ChannelUse } from './channel-credentials.ts'

/** Longer than any run, and the most a timer takes. */
const never = 2_147_483_647

/** Makes a channel with one connection of its own, which does nothing behind the host's back. */
export function createChannel(target: GrpcTarget, options: GrpcOptions, use: ChannelUse): Channel {
  const channelOptions: ChannelOptions = {
    'grpc.use_local_subchannel_pool': 1,
    'grpc.enable_retries': 0,
    'grpc.enable_channelz': 0,
    'grpc.enable_http_proxy': 0,
    'grpc.service_config_disable_resolution': 1,
    'grpc.client_idle_timeout_ms': never,
    'grpc.max_send_message_length': -1,
    'grpc.max_receive_message_length': options.maxMessageBytes,
    'grpc.default_authority': options.authority ?? target.authority,
    ...(options.compression === 'gzip' && {
      'grpc.default_compression_algorithm': compressionAlgorithms.gzip,
    }),
  }
  return new Channel(addressOf(target), credentialsFor(target.hostname, use), channelOptions)
}

function addressOf({ hostname, port, socketPath }: GrpcTarget): string {
  if (socketPath !== undefined) return `unix:${socketPath}`
  return hostname.includes(':') ? `ipv6:[${hostname}]:${port}` : `dns:${hostname}:${port}`
}

/** Waits until a channel is connected, has failed to connect, or time is up. */
export async function reach(
  channel: Channel,
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

function changeOf(channel: Channel, from: State, deadline: number): Promise<void> {
  return new Promise((resolve) => {
    // called with an error when time is up, which the state shows as well
    channel.watchConnectivityState(from, deadline, () => resolve())
  })
}

/** Calls back on every change of the connection until it is closed. */
export function watchChannel(channel: Channel, onChange: (state: State) => void): void {
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

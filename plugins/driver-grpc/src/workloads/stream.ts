import { defineWorkload, type Connection, type DriverContext, type Workload } from '@cloudbench/core'
import { audit } from '../audit/audit.ts'
import { streamOptions, type StreamOptions } from '../options.ts'
import { connect } from './connection.ts'
import { StreamExchange } from './stream-exchange.ts'

export const stream: Workload<StreamOptions> = defineWorkload({
  description: 'A stream of messages out, back, or both',
  options: streamOptions,
  connect: connectStream,
  audit,
})

function connectStream(context: DriverContext<StreamOptions>): Promise<Connection> {
  const { lockstep, messages } = context.options
  const sent = context.counter('messages sent')
  const received = context.counter('messages received')
  return connect(context, (shared, { kind }) => {
    const owner = {
      ...shared,
      messages: kind === 'server_streaming' ? 1 : messages,
      lockstep: lockstep && kind === 'bidi_streaming',
      answersAreStream: kind !== 'client_streaming',
      answersInTurns: kind === 'bidi_streaming',
      sent,
      received,
    }
    return () => new StreamExchange(owner)
  })
}

import { defineDriver } from '@cloudbench/core'
import { clients } from './clients.ts'
import { receive } from './workloads/receive.ts'
import { sendReceive } from './workloads/send-receive.ts'
import { send } from './workloads/send.ts'

/** AMQP 1.0: sends, receives and settles messages over links with credit, and audits them for loss, duplicates and order. */
export default defineDriver({
  name: 'amqp',
  clients,
  workloads: { 'send-receive': sendReceive, send, receive },
  // loaded by the one process that serves it
  loopback: async (options) => (await import('./loopback/server.ts')).loopback(options),
})

export type { ReceiveOptions, SendOptions, SendReceiveOptions } from './options.ts'

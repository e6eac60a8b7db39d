import { defineDriver, defineWorkload } from '@cloudbench/core'
import { audit } from './audit/audit.ts'
import { loopback } from './loopback/server.ts'
import { receiveOptions, sendOptions, sendReceiveOptions } from './options.ts'
import { cleanup, prepareEmptyQueues, prepareFullQueues, prepareQueues } from './prepare.ts'
import { connectReceiver } from './workloads/receive.ts'
import { connectBoth } from './workloads/send-receive.ts'
import { connectSender } from './workloads/send.ts'

/** AMQP 1.0: messages sent, received and settled over links with credit, and audited for loss, duplicates and order. */
export default defineDriver({
  name: 'amqp',
  workloads: {
    'send-receive': defineWorkload({
      description: 'send a message, and wait until it was settled and has come back',
      options: sendReceiveOptions,
      connect: connectBoth,
      prepare: prepareEmptyQueues,
      audit,
      cleanup,
    }),
    send: defineWorkload({
      description: 'send a message, and wait until the broker has settled it',
      options: sendOptions,
      connect: connectSender,
      prepare: prepareQueues,
      audit,
      cleanup,
    }),
    receive: defineWorkload({
      description: 'give credit for a message, and wait for it',
      options: receiveOptions,
      connect: connectReceiver,
      prepare: prepareFullQueues,
      audit,
      cleanup,
    }),
  },
  loopback,
})

export type { ReceiveOptions, SendOptions, SendReceiveOptions } from './options.ts'

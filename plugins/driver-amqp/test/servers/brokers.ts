import { loopback } from '../fixtures/context.ts'
import { sharedRabbit, withoutRabbit } from './rabbit.ts'

/** Tests on both say that the loopback does what a RabbitMQ does. */
export const brokers = [
  { name: 'RabbitMQ', isMissing: withoutRabbit, start: async () => (await sharedRabbit()).url },
  { name: 'the loopback', isMissing: false, start: () => loopback() },
] as const

/** Ways to speak to a cluster, by the value of the option `client`; the first is the default. */
export const clients = {
  wire: {},
  kafkajs: { package: 'kafkajs' },
  platformatic: { package: '@platformatic/kafka', isOptional: true },
} as const

export type ClientName = keyof typeof clients

/** The requests that this driver sends itself, each in a version that all brokers since Kafka 2.4 understand. */
export const api = {
  produce: { key: 0, version: 8 },
  fetch: { key: 1, version: 11 },
  listOffsets: { key: 2, version: 2 },
  metadata: { key: 3, version: 4 },
  createTopics: { key: 19, version: 4 },
  deleteTopics: { key: 20, version: 1 },
  initProducerId: { key: 22, version: 1 },
  describeConfigs: { key: 32, version: 1 },
} as const

/** Asks which versions a broker understands. */
export const apiVersions = { key: 18, version: 2 } as const

export type Api = (typeof api)[keyof typeof api] | typeof apiVersions

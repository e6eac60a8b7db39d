import type { Address } from '../target.ts'
import { api, apiVersions } from '../wire/api.ts'
import { answerMetadata, answerProducerId, answerVersions } from './cluster-handlers.ts'
import { answerFetch } from './fetch-handler.ts'
import { groupHandlers } from './group-handlers.ts'
import { createGroups } from './groups.ts'
import { answerListOffsets } from './offsets-handler.ts'
import { answerProduce } from './produce-handler.ts'
import type { Admission, Handler, Request, State } from './request.ts'
import { answerCreateTopics, answerDeleteTopics, answerDescribeConfigs } from './topic-handlers.ts'
import { createTopics } from './topics.ts'

const handlers: Readonly<Record<number, Handler>> = {
  ...groupHandlers,
  [apiVersions.key]: answerVersions,
  [api.metadata.key]: answerMetadata,
  [api.initProducerId.key]: answerProducerId,
  [api.produce.key]: answerProduce,
  [api.fetch.key]: answerFetch,
  [api.listOffsets.key]: answerListOffsets,
  [api.createTopics.key]: answerCreateTopics,
  [api.deleteTopics.key]: answerDeleteTopics,
  [api.describeConfigs.key]: answerDescribeConfigs,
}

/** One broker that keeps its topics in memory. Throws a RangeError when a request is cut off or unknown. */
export type MemoryBroker = (request: Request) => void

/** @param address Where it tells clients to find it. */
export function createMemoryBroker(address: Address, admit: Admission): MemoryBroker {
  const state: State = { topics: createTopics(), groups: createGroups(), address, admit, producers: 0 }
  return (request) => {
    const handler = handlers[request.key]
    if (handler === undefined)
      throw new RangeError(`this broker does not know requests of kind ${request.key}`)
    handler(request, state)
  }
}

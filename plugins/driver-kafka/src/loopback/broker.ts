import type { Address } from '../target.ts'
import { api } from '../wire/api.ts'
import { answerMetadata, answerProducerId, answerVersions, apiVersions } from './cluster-handlers.ts'
import { answerFetch } from './fetch-handler.ts'
import { answerListOffsets } from './offsets-handler.ts'
import { answerProduce, type Admission } from './produce-handler.ts'
import type { Handler } from './request.ts'
import { answerCreateTopics, answerDeleteTopics, answerDescribeConfigs } from './topic-handlers.ts'
import { createTopics } from './topics.ts'

/**
 * One broker that keeps its topics in memory. It throws a RangeError when a request is cut off or unknown.
 * @param address Where it tells clients to find it.
 */
export function createMemoryBroker(address: Address, admit: Admission): Handler {
  const topics = createTopics()
  const handlers: Readonly<Record<number, Handler>> = {
    [apiVersions.key]: answerVersions,
    [api.metadata.key]: answerMetadata(topics, address),
    [api.initProducerId.key]: answerProducerId(),
    [api.produce.key]: answerProduce(topics, admit),
    [api.fetch.key]: answerFetch(topics),
    [api.listOffsets.key]: answerListOffsets(topics),
    [api.createTopics.key]: answerCreateTopics(topics),
    [api.deleteTopics.key]: answerDeleteTopics(topics),
    [api.describeConfigs.key]: answerDescribeConfigs(topics),
  }
  return (request) => {
    const handler = handlers[request.key]
    if (handler === undefined)
      throw new RangeError(`this broker does not know requests of kind ${request.key}`)
    handler(request)
  }
}

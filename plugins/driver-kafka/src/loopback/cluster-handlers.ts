import { api, apiVersions } from '../wire/api.ts'
import { codeOf, noError } from '../wire/protocol-errors.ts'
import { Writer } from '../wire/writer.ts'
import { groupApi } from './group-handlers.ts'
import { nodeId } from './node.ts'
import type { Handler } from './request.ts'
import { unknownTopic } from './topics.ts'

/** What kafkajs asks for in an older version than this driver does. */
const oldest: Readonly<Record<number, number>> = { [apiVersions.key]: 0, [api.produce.key]: 7 }

export const answerVersions: Handler = ({ version, answer }) => {
  if (version > apiVersions.version) {
    // in version 0, so that clients can read it, and ask again
    answer(new Writer().int16(codeOf('UNSUPPORTED_VERSION')).int32(0).written)
    return
  }
  const body = new Writer().int16(noError)
  body.array([...Object.values(api), ...Object.values(groupApi), apiVersions], ({ key, version }) =>
    body
      .int16(key)
      .int16(oldest[key] ?? version)
      .int16(version),
  )
  answer(body.int32(0).written)
}

export const answerMetadata: Handler = ({ body, answer }, { topics, address }) => {
  const names = body.array((from) => from.string() ?? '')
  const to = new Writer().int32(0)
  to.array([address], ({ host, port }) => to.int32(nodeId).string(host).int32(port).string(undefined))
  to.string('loopback').int32(nodeId)
  to.array(names, (name) => {
    const logs = topics.get(name)?.logs
    to.int16(logs ? noError : unknownTopic)
      .string(name)
      .int8(0)
    to.array([...(logs ?? []).keys()], (partition) => {
      to.int16(noError).int32(partition).int32(nodeId)
      to.array([nodeId], (id) => to.int32(id)).array([nodeId], (id) => to.int32(id))
    })
  })
  answer(to.written)
}

/** Every producer gets an id of its own. */
export const answerProducerId: Handler = ({ answer }, state) => {
  answer(
    new Writer()
      .int32(0)
      .int16(noError)
      .int64(++state.producers)
      .int16(0).written,
  )
}

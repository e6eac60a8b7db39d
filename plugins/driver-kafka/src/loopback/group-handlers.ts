import { noError } from '../wire/protocol-errors.ts'
import type { Reader } from '../wire/reader.ts'
import { Writer } from '../wire/writer.ts'
import { nodeId } from './node.ts'
import type { Handler } from './request.ts'

/** What client libraries ask about groups, each in one version that kafkajs speaks. */
export const groupApi = {
  offsetCommit: { key: 8, version: 3 },
  offsetFetch: { key: 9, version: 3 },
  findCoordinator: { key: 10, version: 1 },
  joinGroup: { key: 11, version: 2 },
  heartbeat: { key: 12, version: 1 },
  leaveGroup: { key: 13, version: 1 },
  syncGroup: { key: 14, version: 1 },
  deleteGroups: { key: 42, version: 0 },
} as const

const generation = 1

const findCoordinator: Handler = ({ answer }, { address: { host, port } }) => {
  const head = new Writer().int32(0).int16(noError).string(undefined)
  answer(head.int32(nodeId).string(host).int32(port).written)
}

/** Every member is the only one, and so the leader: it assigns partitions to itself. */
const joinGroup: Handler = ({ body, answer }, { groups }) => {
  const member = groups.join(body.string() ?? '')
  body.int32()
  body.int32()
  body.string()
  body.string()
  const [protocol] = body.array((from) => ({ name: from.string(), metadata: from.bytes() }))
  const head = new Writer().int32(0).int16(noError).int32(generation)
  head
    .string(protocol?.name ?? '')
    .string(member)
    .string(member)
  answer(head.array([member], (id, to) => to.string(id).bytes(protocol?.metadata ?? Buffer.alloc(0))).written)
}

const syncGroup: Handler = ({ body, answer }) => {
  body.string()
  body.int32()
  body.string()
  const [assigned] = body.array((from) => {
    from.string()
    return from.bytes()
  })
  answer(
    new Writer()
      .int32(0)
      .int16(noError)
      .bytes(assigned ?? Buffer.alloc(0)).written,
  )
}

const agree: Handler = ({ answer }) => answer(new Writer().int32(0).int16(noError).written)

const offsetFetch: Handler = ({ body, answer }, { groups }) => {
  const group = body.string() ?? ''
  const topics = topicsIn(body, (from) => ({ partition: from.int32() }))
  const to = new Writer().int32(0)
  to.array(topics, ({ topic, partitions }) =>
    to.string(topic).array(partitions, ({ partition }) =>
      to
        .int32(partition)
        .int64(groups.committed(group, topic, partition))
        .string(undefined)
        .int16(noError),
    ),
  )
  answer(to.int16(noError).written)
}

const offsetCommit: Handler = ({ body, answer }, { groups }) => {
  const group = body.string() ?? ''
  body.int32()
  body.string()
  body.int64()
  const topics = topicsIn(body, (from) => {
    const committed = { partition: from.int32(), offset: from.int64() }
    from.string()
    return committed
  })
  const to = new Writer().int32(0)
  to.array(topics, ({ topic, partitions }) =>
    to.string(topic).array(partitions, ({ partition, offset }) => {
      groups.commit(group, topic, partition, offset)
      to.int32(partition).int16(noError)
    }),
  )
  answer(to.written)
}

const deleteGroups: Handler = ({ body, answer }, { groups }) => {
  const names = body.array((from) => from.string() ?? '')
  for (const name of names) groups.remove(name)
  answer(new Writer().int32(0).array(names, (name, to) => to.string(name).int16(noError)).written)
}

function topicsIn<T>(body: Reader, read: (from: Reader) => T) {
  return body.array((from) => ({ topic: from.string() ?? '', partitions: from.array(read) }))
}

export const groupHandlers: Readonly<Record<number, Handler>> = {
  [groupApi.findCoordinator.key]: findCoordinator,
  [groupApi.joinGroup.key]: joinGroup,
  [groupApi.syncGroup.key]: syncGroup,
  [groupApi.heartbeat.key]: agree,
  [groupApi.leaveGroup.key]: agree,
  [groupApi.offsetFetch.key]: offsetFetch,
  [groupApi.offsetCommit.key]: offsetCommit,
  [groupApi.deleteGroups.key]: deleteGroups,
}

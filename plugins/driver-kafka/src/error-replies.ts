import type { Explanation } from '@cloudbench/driver-kit'

/** What an error means, what should be there instead, and what to do. */
type Meaning = readonly [means: string, expected: string, next: string]

/**
 * What to do about an error of a broker. `undefined` for those that the driver has nothing to say about.
 * @param name As the protocol calls it.
 */
export function explainReply(name: string, what: string): Explanation | undefined {
  if (!Object.hasOwn(meanings, name)) return undefined
  const [, expected, next] = meanings[name]!
  return [what, expected, next]
}

/** What an error means, with its name, and the broker's own words if it has any. */
export function sayReply(name: string, said?: string): string {
  const own = said === undefined || said === '' ? name : `${name}: ${said}`
  return Object.hasOwn(meanings, name) ? `${meanings[name]![0]} (${own})` : own
}

const rights = 'the permissions that the README of @cloudbench/driver-kafka lists'
const createYourself = 'create the topic yourself, and set options.createTopic to false'
const describeTopic = 'look at the topic with kafka-topics.sh --describe, and check for brokers that are down'

const leaderless: Meaning = [
  'a partition has no leader',
  'a topic of which every partition has a leader',
  describeTopic,
]
const moving: Meaning = [
  'another broker leads the partition by now',
  'a cluster at rest',
  'run it again once the cluster has settled',
]
const tooLarge: Meaning = [
  'a batch is larger than the topic allows',
  'max.message.bytes of the topic (message.max.bytes of the broker) above the size of a batch',
  'raise that limit, or lower options.valueSize and options.batchSize',
]
const fewReplicas: Meaning = [
  'fewer replicas are in sync than min.insync.replicas asks for',
  'as many brokers in sync as acks: all needs',
  'start the missing brokers, lower min.insync.replicas of the topic, or set options.acks to leader',
]

const meanings: Readonly<Record<string, Meaning>> = {
  CLUSTER_AUTHORIZATION_FAILED: [
    'this user may not do that with the cluster',
    rights,
    'have an administrator grant them with kafka-acls.sh; or do without: options.idempotent false, and options.createTopic false for a topic that exists',
  ],
  CORRUPT_MESSAGE: [
    'a batch is damaged',
    'batches that arrive as they were sent',
    "look at the broker's disk, and at what is between here and there",
  ],
  INVALID_CONFIG: [
    'the cluster does not accept a setting of the topic (cloudbench marks its topics with delete.retention.ms)',
    'a cluster on which that setting of a topic may be chosen',
    createYourself,
  ],
  INVALID_PARTITIONS: [
    'the cluster does not accept that number of partitions',
    'a number that the cluster allows',
    'correct options.partitions',
  ],
  INVALID_RECORD: [
    'the broker does not accept these messages',
    'a topic for messages without keys: cleanup.policy delete, no schema, timestamps of today',
    'name another topic in options.topic, or one that does not exist yet',
  ],
  INVALID_REPLICATION_FACTOR: [
    'the cluster has fewer brokers than replicas are wanted',
    'at most as many replicas as there are brokers',
    "correct options.replication, or leave it out for the cluster's default",
  ],
  INVALID_TIMESTAMP: [
    'the broker does not accept the time of the messages',
    'clocks that agree, and a topic whose message.timestamp.before.max.ms and after.max.ms allow for the difference',
    'set the clock of this machine, or of the broker',
  ],
  INVALID_TOPIC_EXCEPTION: [
    'the cluster does not accept the name of the topic',
    'a name that is legal, and differs from all others in more than dots and underscores',
    'correct options.topic',
  ],
  KAFKA_STORAGE_ERROR: [
    'the broker cannot use the disk of the partition',
    'a broker that can write to its log.dirs',
    "look at the broker's log, and at its disk",
  ],
  LEADER_NOT_AVAILABLE: leaderless,
  MESSAGE_TOO_LARGE: tooLarge,
  NOT_CONTROLLER: ['the cluster has chosen another controller', moving[1], moving[2]],
  NOT_ENOUGH_REPLICAS: fewReplicas,
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: fewReplicas,
  NOT_LEADER_OR_FOLLOWER: moving,
  POLICY_VIOLATION: [
    'a policy of the cluster forbids it (create.topic.policy.class.name)',
    'a topic within that policy',
    `correct options.partitions and options.replication, or ${createYourself}`,
  ],
  RECORD_LIST_TOO_LARGE: tooLarge,
  REQUEST_TIMED_OUT: [
    'the brokers did not do it in time',
    'brokers that are up and keep up with one another',
    "look at the brokers' logs, and at their load",
  ],
  THROTTLING_QUOTA_EXCEEDED: [
    'a quota of the cluster is used up (controller_mutation_rate)',
    'a user who may create and remove topics now',
    `wait, raise the quota, or ${createYourself}`,
  ],
  TOPIC_AUTHORIZATION_FAILED: [
    'this user may not do that with the topic',
    rights,
    `have an administrator grant them with kafka-acls.sh; where only creating is forbidden, ${createYourself}`,
  ],
  TOPIC_DELETION_DISABLED: [
    'the cluster removes no topics (delete.topic.enable)',
    'a topic that need not be replaced',
    'leave options.partitions out, or name another topic in options.topic',
  ],
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: [
    'this user may not have a producer id',
    rights,
    'have an administrator grant them with kafka-acls.sh, or set options.idempotent to false',
  ],
  UNKNOWN_TOPIC_OR_PARTITION: [
    'the topic or its partition does not exist, or is hidden from this user',
    'a topic that exists for as long as the run',
    'correct options.topic, and look who removes it',
  ],
  UNSUPPORTED_COMPRESSION_TYPE: [
    'that compression is not known',
    'messages that are compressed with none, gzip, snappy, lz4 or zstd',
    'set options.compression to gzip or none, or name another topic in options.topic',
  ],
  UNSUPPORTED_FOR_MESSAGE_FORMAT: [
    'the topic holds the format of Kafka before 0.11',
    'a topic with message format 2',
    'name another topic in options.topic',
  ],
  UNSUPPORTED_VERSION: [
    'the broker does not speak the version of the protocol that is needed',
    'Kafka 2.4 or newer, or a server that is compatible with it',
    'upgrade the broker, or name another one in the url',
  ],
}

import type { Explanation } from '@cloudbench/driver-kit'
import type { RedisTarget } from './target.ts'

/**
 * What a server has replied, if an error is its reply: also the last reply of those that ioredis has followed through a
 * cluster, until it gave up.
 */
export function replyIn(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  if (error.name === 'ReplyError') return error.message
  return /^Too many Cluster redirections\. Last error: ReplyError: (.*)$/s.exec(error.message)?.[1]
}

type Teller = (target: RedisTarget, message: string) => Explanation

/** What an error reply means for the run, by its first word. `undefined` for those that the driver has nothing to say about. */
export function explainReply(target: RedisTarget, message: string): Explanation | undefined {
  const word = /^[A-Z]+(?= |$)/.exec(message)?.[0] ?? ''
  if (Object.hasOwn(tellers, word)) return tellers[word]!(target, message)
  return generalErrors.find(([pattern]) => pattern.test(message))?.[1](target, message)
}

const badCredentials: Teller = ({ shown }, message) => [
  `${shown} rejected the credentials: ${message}`,
  "a user and password in the target's url, such as redis://user:password@host:port",
  'keep the password out of files: redis://:${env:REDIS_PASSWORD}@…',
]
const otherNode: Teller = ({ shown }, message) => [
  `${shown} is a node of a Redis Cluster, and another node has the key: ${message}`,
  'a client that follows the slots of the cluster',
  'set the option cluster to true',
]
const readOnly: Teller = ({ shown }, message) => [
  `${shown} takes no writes, because it is a replica: ${message}`,
  'a primary',
  "let the target's url name the primary, or use preload: false and reads: 100% to load the replica",
]
const busy: Teller = ({ shown }, message) => [
  `${shown} is busy with a script or function: ${message}`,
  'a server that is free',
  'wait for it, or end it with SCRIPT KILL or FUNCTION KILL',
]

const tellers: Readonly<Record<string, Teller>> = {
  NOAUTH: badCredentials,
  WRONGPASS: badCredentials,
  NOPERM: ({ shown }, message) => [
    `the user may not do that on ${shown}: ${message}`,
    'a user who may run the commands of the load on its keys',
    'grant the rights listed in the README of @cloudbench/driver-redis with ACL SETUSER',
  ],
  MOVED: otherNode,
  ASK: otherNode,
  CROSSSLOT: otherNode,
  CLUSTERDOWN: ({ shown }, message) => [
    `the Redis Cluster of ${shown} is down: ${message}`,
    'a cluster with every slot served (cluster_state:ok in CLUSTER INFO)',
    'assign the missing slots, or start the nodes that have them',
  ],
  TRYAGAIN: ({ shown }, message) => [
    `the Redis Cluster of ${shown} is moving slots: ${message}`,
    'a cluster that is at rest',
    'wait until its slots are moved',
  ],
  READONLY: readOnly,
  MASTERDOWN: ({ shown }, message) => [
    `${shown} is a replica that has lost its primary: ${message}`,
    'a primary, or a replica that is connected to one',
    "let the target's url name the primary",
  ],
  NOREPLICAS: ({ shown }, message) => [
    `${shown} takes no writes, because it has too few replicas: ${message}`,
    'as many replicas as min-replicas-to-write asks for',
    'start the replicas, or lower min-replicas-to-write',
  ],
  OOM: ({ shown }, message) => [
    `${shown} has no memory left for the keys: ${message}`,
    'maxmemory above what the keys and values of the load need',
    'raise maxmemory there, or lower the options keys and valueSize',
  ],
  DENIED: ({ shown }, message) => [
    `${shown} takes connections from its own machine only: ${message.split('. ', 1)[0]}`,
    'a server with a password, or without protected mode',
    'set a password there (requirepass), or protected-mode no',
  ],
  LOADING: ({ shown }, message) => [
    `${shown} is loading its data: ${message}`,
    'a server that is ready',
    'wait until it has finished loading',
  ],
  MISCONF: ({ shown }, message) => [
    `${shown} takes no writes, because it cannot save its data: ${message}`,
    'a server that can write its snapshots or its append-only file',
    'look into its log and free its disk, or turn stop-writes-on-bgsave-error off there',
  ],
  BUSY: busy,
  WRONGTYPE: ({ shown }, message) => [
    `${shown} has something else than a string under a key of the load: ${message}`,
    'a prefix that is used for the load only',
    'set the option prefix to another one',
  ],
}

/** Replies that begin with `ERR`, which says nothing. */
const generalErrors: readonly (readonly [RegExp, Teller])[] = [
  [
    /without any password configured|no password is set/i,
    ({ shown }, message) => [
      `${shown} has no password: ${message}`,
      "a target's url without a password, or a server that requires one",
      "remove the password from the target's url, or set requirepass there",
    ],
  ],
  [/^ERR (AUTH|invalid password|Client sent AUTH)/i, badCredentials],
  [
    /DB index|invalid DB/i,
    ({ shown, db }, message) => [
      `${shown} has no database ${db}: ${message}`,
      'a database that exists, usually 0 to 15',
      "correct the number of the database in the target's url",
    ],
  ],
  [
    /^ERR max number of clients/i,
    ({ shown }, message) => [
      `${shown} takes no more connections: ${message}`,
      'maxclients above the number of connections',
      'raise maxclients there, or configure fewer connections',
    ],
  ],
]

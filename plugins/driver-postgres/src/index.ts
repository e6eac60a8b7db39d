import { defineDriver, defineWorkload } from '@cloudbench/core'
import { auditDocuments, auditTransactions } from './audit/audit.ts'
import { connectMixed, connectReads, connectWrites } from './workloads/connection.ts'
import { loopback } from './loopback/server.ts'
import { observe } from './observe.ts'
import { mixedOptions, readOptions, writeOptions } from './options.ts'
import { cleanup, prepareDocuments, prepareItems, prepareTransactions } from './prepare.ts'

/** PostgreSQL: prepared SELECTs, batched INSERTs and transactions, with reads that are verified and writes that are audited. */
export default defineDriver({
  name: 'postgres',
  cleanup,
  observe,
  loopback,
  workloads: {
    read: defineWorkload({
      description: 'SELECT of one row by its key, prepared, as pgbench -S -M prepared does it',
      options: readOptions,
      connect: connectReads,
      prepare: prepareItems,
    }),
    'write-heavy': defineWorkload({
      description: 'INSERT of JSON documents, several with one statement, each a request of its own',
      options: writeOptions,
      connect: connectWrites,
      prepare: prepareDocuments,
      audit: auditDocuments,
    }),
    mixed: defineWorkload({
      description:
        'half SELECT, half transactions of an UPDATE, a SELECT and an INSERT, as those of pgbench -N',
      options: mixedOptions,
      connect: connectMixed,
      prepare: prepareTransactions,
      audit: auditTransactions,
    }),
  },
})

export type { MixedOptions, ReadOptions, WriteOptions } from './options.ts'

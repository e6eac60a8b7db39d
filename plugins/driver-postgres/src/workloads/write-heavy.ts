import { defineWorkload } from '@cloudbench/core'
import { auditDocuments } from '../audit/audit.ts'
import { sharedLedger } from '../audit/ledger.ts'
import { writeOptions } from '../options.ts'
import { prepareDocuments } from '../prepare.ts'
import { createInserts, insertSetUp } from './inserts.ts'
import { connect } from './session.ts'

export const writeHeavy = defineWorkload({
  description: 'INSERT of JSON documents, several per statement, each a request of its own',
  options: writeOptions,
  prepare: prepareDocuments,
  audit: auditDocuments,
  /** Takes as many requests at once as fit into its INSERTs. */
  async connect(context) {
    const { options } = context
    const ledger = await sharedLedger(context)
    return await connect(
      context,
      () => insertSetUp(options),
      options.pipelining * options.batchRows,
      (session) => createInserts(session, options, ledger),
    )
  },
})

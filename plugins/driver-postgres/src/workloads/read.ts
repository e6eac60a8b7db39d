import { defineWorkload } from '@cloudbench/core'
import { sharedReadings } from '@cloudbench/driver-kit'
import { auditReads } from '../audit/audit.ts'
import { readOptions } from '../options.ts'
import { prepareItems } from '../prepare.ts'
import { createSelects, selectSetUp } from './selects.ts'
import { connect } from './session.ts'

export const read = defineWorkload({
  description: 'SELECT of one row by its key, prepared, like pgbench -S -M prepared',
  options: readOptions,
  prepare: prepareItems,
  audit: auditReads,
  async connect(context) {
    const { options } = context
    const readings = await sharedReadings(context)
    return await connect(
      context,
      (terms) => selectSetUp(options, terms),
      options.pipelining,
      (session) => createSelects(session, options, readings),
    )
  },
})

import { defineWorkload } from '@cloudbench/core'
import { sharedReadings } from '@cloudbench/driver-kit'
import { auditTransactions } from '../audit/audit.ts'
import { sharedLedger } from '../audit/ledger.ts'
import { mixedOptions } from '../options.ts'
import { prepareTransactions } from '../prepare.ts'
import { sharedRetries } from './retries.ts'
import { createSelects, selectSetUp } from './selects.ts'
import { connect, type Terms } from './session.ts'
import { createTransactions, transactionSetUp } from './transactions.ts'

export const mixed = defineWorkload({
  description:
    'half SELECT, half transactions of an UPDATE, a SELECT and an INSERT, like those of pgbench -N',
  options: mixedOptions,
  prepare: prepareTransactions,
  audit: auditTransactions,
  async connect(context) {
    const { options } = context
    const setUp = (terms: Terms): string => selectSetUp(options, terms) + transactionSetUp(options, terms)
    const ledger = await sharedLedger(context)
    const readings = await sharedReadings(context)
    const retries = options.conflicts === 'retry' ? await sharedRetries(context, ledger) : undefined
    return await connect(context, setUp, options.pipelining, (session) => {
      const selects = createSelects(session, options, readings)
      const transactions = createTransactions(session, options, ledger, retries)
      return {
        issue(slot) {
          const sender = slot.random() < options.reads ? selects : transactions
          sender.issue(slot)
        },
      }
    })
  },
})

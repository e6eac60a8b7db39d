import { audit } from '../audit/audit.ts'
import { observe } from '../observe.ts'
import { cleanup, prepare } from '../prepare.ts'
import { connect } from './connection.ts'

/** What every workload does: they differ only in their share of reads. */
export const tasks = { connect, prepare, audit, cleanup, observe }

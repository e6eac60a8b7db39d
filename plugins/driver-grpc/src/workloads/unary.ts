import { defineWorkload, type Workload } from '@cloudbench/core'
import { audit } from '../audit/audit.ts'
import { unaryOptions, type UnaryOptions } from '../options.ts'
import { connect } from './connection.ts'
import { UnaryExchange } from './unary-exchange.ts'

export const unary: Workload<UnaryOptions> = defineWorkload({
  description: 'One message out, one message back',
  options: unaryOptions,
  connect: (context) => connect(context, (owner) => () => new UnaryExchange(owner)),
  audit,
})

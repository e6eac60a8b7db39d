import { defineWorkload, type Workload } from '@cloudbench/core'
import { requestOptions, type HttpOptions } from '../options.ts'
import { connect } from './connection.ts'

export const request: Workload<HttpOptions> = defineWorkload({
  description: 'Any request: method, path, headers and body',
  options: requestOptions,
  connect,
})

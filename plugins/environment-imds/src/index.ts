import { defineEnvironment } from '@cloudbench/core'

export default defineEnvironment({ name: 'imds' })

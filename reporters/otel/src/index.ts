import { defineReporter } from '@cloudbench/core'

export default defineReporter({ name: 'otel', create: () => ({}) })

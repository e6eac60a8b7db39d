import { defineReporter } from '@cloudbench/core'

export default defineReporter({ name: 'csv', create: () => ({}) })

import { defineReporter } from '@cloudbench/core'

export default defineReporter({ name: 'markdown', create: () => ({}) })

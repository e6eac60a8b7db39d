import { defineReporter } from '@cloudbench/core'

export default defineReporter({ name: 'html', create: () => ({}) })

import { defineReporter } from '@cloudbench/core'

export default defineReporter({ name: 'prometheus', create: () => ({}) })
